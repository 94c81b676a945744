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
    "actix_web"
    "aes_gcm"
    "anyhow"
    "argon2"
    "awc"
    "axum"
    "base64"
    "bcrypt"
    "blake3"
    "bytes"
    "chacha20poly1305"
    "color_eyre"
    "dashmap"
    "data_privacy"
    "diesel"
    "diesel_async"
    "digest"
    "error_stack"
    "eyre"
    "futures"
    "hex"
    "hmac"
    "http"
    "hyper"
    "hyper_util"
    "isahc"
    "log"
    "masking"
    "md5"
    "mongodb"
    "once_cell"
    "parking_lot"
    "pbkdf2"
    "postgres"
    "redact"
    "redactable"
    "redis"
    "reqwest"
    "ring"
    "rocket"
    "rusqlite"
    "safelog"
    "scrypt"
    "sea_orm"
    "secrecy"
    "secstr"
    "sentry"
    "serde"
    "serde_json"
    "serde_qs"
    "serde_urlencoded"
    "sha1"
    "sha2"
    "sha3"
    "slog"
    "sqlx"
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
    "tokio"
    "tokio_postgres"
    "toml"
    "tower"
    "tracing"
    "ureq"
    "url"
    "veil"
    "warp"
    "zeroize"
};
