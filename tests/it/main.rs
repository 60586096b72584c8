//! One integration binary; a module per concern.

mod architecture;
mod cli;
mod formats;
mod lexicons;
mod mail;
mod office;
mod render;
mod samples;
mod segment;
mod sources;
mod status;
