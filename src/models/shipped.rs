//! The registry of shipped model files: the only list of them. A file's name begins with its crate's.

use super::ModelFile;

/// One shipped file.
#[derive(Debug)]
pub struct ShippedFile {
    /// Its name below the repository: `models/std-option.toml`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl ShippedFile {
    /// What the file says of the crate, without what it says of the crate's items: the keys before the first of those.
    #[must_use]
    pub fn head(&self) -> Option<ModelFile> {
        let items = ["declarations", "[["];
        let starts = |line: &str| items.iter().any(|item| line.starts_with(item));
        let end = self.text.split_inclusive('\n').take_while(|line| !starts(line)).map(str::len).sum();
        super::load::parse(&self.text[..end], None).ok()
    }

    /// All that it says. Its declarations are most of it, and go around the reader of the rest. `None` where a file is
    /// wrong, which a test rules out.
    #[must_use]
    pub fn read(&self) -> Option<ModelFile> {
        let Some((before, declarations, behind)) = self.around_declarations() else {
            return super::load::parse(self.text, None).ok();
        };
        let file = super::load::parse(&[before, behind].concat(), None).ok()?;
        Some(ModelFile { declarations: declarations.to_owned(), ..file })
    }

    /// The text before, in and behind a literal of declarations that begins and ends with lines of its own.
    fn around_declarations(&self) -> Option<(&str, &str, &str)> {
        let (before, rest) = self.text.split_once("declarations = '''\n")?;
        let (declarations, behind) = rest.split_once("'''\n")?;
        let is_line = before.is_empty() || before.ends_with('\n');
        is_line.then_some((before, declarations, behind))
    }
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
    "actix_web_location"
    "aes_gcm"
    "ahash"
    "anyhow"
    "argon2"
    "attohttpc"
    "awc"
    "aws_sdk"
    "axum"
    "base64"
    "bcrypt"
    "bincode"
    "bitflags"
    "blake3"
    "bytes"
    "cadence"
    "chacha20poly1305"
    "chrono"
    "clap"
    "color_eyre"
    "compact_jwt"
    "cookie"
    "crossbeam"
    "curl"
    "dashmap"
    "data_privacy"
    "derive_more"
    "async_bb8_diesel"
    "diesel"
    "diesel_async"
    "digest"
    "error_stack"
    "eyre"
    "fnv"
    "futures"
    "google_cloud_pubsub"
    "hashbrown"
    "hex"
    "hmac"
    "http"
    "hyper"
    "hyper_util"
    "indexmap"
    "isahc"
    "itertools"
    "jsonwebtoken"
    "lettre"
    "log"
    "masking"
    "md5"
    "metrics"
    "mixpanel_rs"
    "mongodb"
    "mysql"
    "oauth2"
    "once_cell"
    "opentelemetry"
    "parking_lot"
    "pbkdf2"
    "poem"
    "postgres"
    "posthog_rs"
    "prometheus"
    "prost"
    "quick_xml"
    "rand"
    "rayon"
    "redact"
    "redactable"
    "redis"
    "regex"
    "reqwest"
    "ring"
    "rmp_serde"
    "rocket"
    "rusqlite"
    "rustc_hash"
    "safelog"
    "scrypt"
    "sea_orm"
    "secrecy"
    "secstr"
    "segment"
    "sentry"
    "serde"
    "serde_json"
    "serde_qs"
    "serde_urlencoded"
    "serde_yaml"
    "sha1"
    "sha2"
    "sha3"
    "slog"
    "smallvec"
    "sqlx"
    "std-collections"
    "std-convert"
    "std-fmt"
    "std-headers"
    "std-io"
    "std-iter"
    "std-loggers"
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
    "stripe"
    "thiserror"
    "tokio"
    "tokio_postgres"
    "toml"
    "tonic"
    "tower"
    "tower_http"
    "tower_sessions"
    "tracing"
    "tracing_opentelemetry"
    "ureq"
    "url"
    "uuid"
    "veil"
    "warp"
    "zeroize"
};
