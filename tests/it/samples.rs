//! The labelled samples: agreement, and invariance under rewrites.
