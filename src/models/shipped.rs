//! The registry of shipped model files: the only list of them. A file's name begins with its crate's.

/// One shipped file.
#[derive(Debug)]
pub struct ShippedFile {
    /// Its name below the repository: `models/std-option.toml`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! files {
    ($($stem:literal)*) => {
        &[$(ShippedFile {
            name: concat!("models/", $stem, ".toml"),
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/models/", $stem, ".toml")),
        }),*]
    };
}

pub(super) const FILES: &[ShippedFile] = files! {
    "anyhow"
    "color_eyre"
    "error_stack"
    "eyre"
    "http"
    "log"
    "sentry"
    "slog"
    "std-collections"
    "std-convert"
    "std-fmt"
    "std-io"
    "std-iter"
    "std-macros"
    "std-maps"
    "std-net"
    "std-num"
    "std-option"
    "std-os"
    "std-pointers"
    "std-prelude"
    "std-string"
    "std-sync"
    "std-vec"
    "thiserror"
    "tracing"
};
