//! Commands that help a program which nobody annotated to start: record what there is, propose annotations, draft a
//! notice, list what is suppressed. Each reads one run and prints; only what was asked to be written is written, and all
//! of it or nothing.

mod allows;
mod annotate;
mod baseline;
mod init;

pub use allows::allows;
pub use annotate::{Asked, Form, annotate};
pub use baseline::{Record, record};
pub use init::init;
