//! Pseudo-random numbers, the same in every run.

/// Xorshift.
pub struct Random(u32);

impl Random {
    /// Numbers that depend on nothing but the name.
    pub fn from_name(name: &str) -> Self {
        Self(
            name.bytes().fold(0x811C_9DC5, |seed, octet| (seed ^ u32::from(octet)).wrapping_mul(0x0100_0193))
                | 1,
        )
    }

    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (self.next() >> 8) % limit
    }

    pub fn octet(&mut self) -> u8 {
        (self.next() >> 24) as u8
    }

    pub fn key(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| self.octet())
    }
}
