//! Word processor files and PDF.
