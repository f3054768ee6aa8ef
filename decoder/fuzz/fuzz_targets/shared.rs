//! What all targets assert.
#![allow(dead_code, reason = "each target uses a part of it")]

#[path = "../../tests/common/tiling.rs"]
pub mod tiling;

#[path = "../../tests/common/items.rs"]
pub mod items;

use meterscope_decoder::encode::{EncodeError, Writer};

/// Longer inputs find nothing that shorter ones do not.
const LONGEST: usize = 8192;

/// What `write` writes, or nothing where it does not fit.
pub fn written(write: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Option<Vec<u8>> {
    let mut buffer = vec![0; LONGEST];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer).ok()?;
    Some(writer.finish().to_vec())
}
