//! What a first visit to the page costs.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The size of all files of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Octets as they lie on disk.
    pub plain: u64,
    /// Octets when each file is gzipped, as a web server sends them.
    pub gzipped: u64,
}

impl Weight {
    /// Weighs every file in a folder.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let mut total = Self::default();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let octets = fs::read(&path)?;
            total.plain += octets.len() as u64;
            total.gzipped += gzipped_length(&octets)?;
        }
        Ok(total)
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page: {} octets, {} gzipped", self.plain, self.gzipped)
    }
}

fn gzipped_length(octets: &[u8]) -> io::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(octets)?;
    Ok(encoder.finish()?.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_weighs_little() {
        let plain = gzipped_length(&[0x7e; 10_000]).expect("memory does not fail");
        assert!((20..100).contains(&plain), "{plain}");
    }
}
