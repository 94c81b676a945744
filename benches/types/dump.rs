//! Reads a SCIP dump, as `rust-analyzer scip` writes it: which symbol stands where, and where symbols are defined. Knows
//! the few fields of that protobuf message that tell this, and no Rust.

use std::collections::BTreeMap;

/// One file of the dump.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// Its path below the indexed folder.
    pub(crate) path: String,
    /// What stands in it.
    pub(crate) occurrences: Vec<Occurrence>,
}

/// A symbol at a place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Line, from 0.
    pub(crate) line: u32,
    /// Column in bytes, from 0.
    pub(crate) column: u32,
    /// The symbol.
    pub(crate) symbol: String,
    /// Whether this is where it is defined.
    pub(crate) defines: bool,
}

/// The documents of a dump; `None` for what is no dump.
pub(crate) fn documents(bytes: &[u8]) -> Option<Vec<Document>> {
    let documents = fields(bytes)?.into_iter().filter(|(number, _)| *number == 2);
    documents.map(|(_, value)| document(value.bytes()?)).collect()
}

/// Where symbols are defined: file and line, from 1.
pub(crate) fn definitions(documents: &[Document]) -> BTreeMap<&str, Vec<(&str, u32)>> {
    let mut found: BTreeMap<&str, Vec<(&str, u32)>> = BTreeMap::new();
    for document in documents {
        for one in document.occurrences.iter().filter(|one| one.defines) {
            found.entry(&one.symbol).or_default().push((&document.path, one.line + 1));
        }
    }
    found
}

fn document(bytes: &[u8]) -> Option<Document> {
    let mut document = Document::default();
    for (number, value) in fields(bytes)? {
        match number {
            1 => document.path = text(value.bytes()?),
            2 => document.occurrences.push(occurrence(value.bytes()?)?),
            _ => {}
        }
    }
    Some(document)
}

fn occurrence(bytes: &[u8]) -> Option<Occurrence> {
    let mut one = Occurrence::default();
    for (number, value) in fields(bytes)? {
        match (number, value) {
            (1, value) => {
                let packed = value.bytes()?;
                let (line, rest) = varint(packed)?;
                let (column, _) = varint(rest)?;
                (one.line, one.column) = (line as u32, column as u32);
            }
            (2, value) => one.symbol = text(value.bytes()?),
            (3, Value::Number(roles)) => one.defines = roles & 1 == 1,
            _ => {}
        }
    }
    Some(one)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Number(_) => None,
        }
    }
}

/// The fields of a message by number.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Value<'_>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes)?;
        let (value, rest) = match key & 7 {
            0 => {
                let (number, rest) = varint(rest)?;
                (Value::Number(number), rest)
            }
            1 => (Value::Bytes(rest.get(..8)?), rest.get(8..)?),
            2 => {
                let (length, rest) = varint(rest)?;
                let length = usize::try_from(length).ok()?;
                (Value::Bytes(rest.get(..length)?), rest.get(length..)?)
            }
            5 => (Value::Bytes(rest.get(..4)?), rest.get(4..)?),
            _ => return None,
        };
        found.push((key >> 3, value));
        bytes = rest;
    }
    Some(found)
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (i, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}
