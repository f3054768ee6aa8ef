//! Names of COSEM objects (IEC 62056-6-1).

use core::fmt;

/// The six value groups A-B:C.D.E.F of an OBIS code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Obis(pub [u8; 6]);

impl Obis {
    /// A-B:C.D.E.255.
    pub const fn new(a: u8, b: u8, c: u8, d: u8, e: u8) -> Self {
        Self([a, b, c, d, e, 255])
    }
}

impl fmt::Display for Obis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, last] = self.0;
        write!(f, "{a}-{b}:{c}.{d}.{e}.{last}")
    }
}
