//! When the line changed, by the board's clock.

/// Ticks of the board's clock a second: an `ATmega` at 16 MHz with its timer at 1/64.
pub const TICKS_PER_SECOND: u32 = 250_000;

/// A moment on the board's clock, in ticks of 4 µs; it wraps after 262 ms.
pub type Tick = u16;

/// How far [`Edge::unpack`] reaches back, in ticks.
pub const REACH: Tick = 0x7FFF;

/// A change of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// When.
    pub at: Tick,
    /// What it changed to; a line at rest is high (mark).
    pub level: bool,
}

impl Edge {
    /// In sixteen bits, of which the clock loses its highest.
    #[inline]
    pub const fn pack(self) -> u16 {
        self.at << 1 | self.level as u16
    }

    /// An edge that was packed no longer than [`REACH`] before `now`.
    #[inline]
    pub const fn unpack(packed: u16, now: Tick) -> Self {
        let age = now.wrapping_sub(packed >> 1) & REACH;
        Self { at: now.wrapping_sub(age), level: packed & 1 == 1 }
    }
}

/// Whether `tick` comes before `other`; both lie within 131 ms.
#[inline]
pub const fn is_before(tick: Tick, other: Tick) -> bool {
    (tick.wrapping_sub(other) as i16) < 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_edge_is_unpacked_as_it_was_packed(at in any::<Tick>(), level in any::<bool>(), age in 0..=REACH) {
            let edge = Edge { at, level };
            prop_assert_eq!(Edge::unpack(edge.pack(), at.wrapping_add(age)), edge);
        }

        #[test]
        fn order_survives_the_wrap(tick in any::<Tick>(), later in 1_u16..0x8000) {
            prop_assert!(is_before(tick, tick.wrapping_add(later)));
            prop_assert!(!is_before(tick.wrapping_add(later), tick) || later == 0x8000);
            prop_assert!(!is_before(tick, tick));
        }
    }
}
