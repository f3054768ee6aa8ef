//! How much flash and RAM an image takes, from its ELF program headers (System V ABI, chapter 5).

use std::path::Path;

/// What an image takes before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Octets of flash: code, constants and what variables begin with.
    pub flash: u32,
    /// Octets of RAM that variables have.
    pub variables: u32,
}

const HEADERS_AT: usize = 28;
const HEADER_SIZE_AT: usize = 42;
const HEADER_COUNT_AT: usize = 44;

/// Offsets in a program header.
const TYPE_AT: usize = 0;
const ADDRESS_AT: usize = 8;
const IN_FILE_AT: usize = 16;
const IN_MEMORY_AT: usize = 20;

const LOAD: u32 = 1;
/// The linkers for AVR put the data space here.
const DATA_SPACE: u32 = 0x0080_0000;

impl Sizes {
    /// Those of an image.
    ///
    /// # Panics
    ///
    /// If it is no ELF file of 32 bits.
    pub fn of(image: &Path) -> Self {
        let file = std::fs::read(image).unwrap_or_else(|error| panic!("{}: {error}", image.display()));
        assert!(file.starts_with(b"\x7FELF\x01\x01"), "{} is no ELF file of 32 bits", image.display());
        let first = word(&file, HEADERS_AT) as usize;
        let (size, count) = (half_word(&file, HEADER_SIZE_AT), half_word(&file, HEADER_COUNT_AT));
        let mut sizes = Self { flash: 0, variables: 0 };
        for place in 0..count {
            let at = first + usize::from(place) * usize::from(size);
            if word(&file, at + TYPE_AT) == LOAD {
                sizes.flash += word(&file, at + IN_FILE_AT);
                if word(&file, at + ADDRESS_AT) >= DATA_SPACE {
                    sizes.variables += word(&file, at + IN_MEMORY_AT);
                }
            }
        }
        sizes
    }
}

fn word(file: &[u8], at: usize) -> u32 {
    file.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |octets| u32::from_le_bytes(*octets))
}

fn half_word(file: &[u8], at: usize) -> u16 {
    file.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |octets| u16::from_le_bytes(*octets))
}
