//! One integration binary; a module per concern.

mod architecture;
mod check;
mod cli;
mod config;
mod formats;
mod gate;
mod guards;
mod hostile;
mod init;
mod lexicons;
mod limits;
mod long;
mod mail;
mod measures;
mod office;
mod outputs;
mod render;
mod samples;
mod segment;
#[cfg(unix)]
mod sendmail;
mod since;
mod sources;
mod spark_ddl;
mod status;
mod suppress;
