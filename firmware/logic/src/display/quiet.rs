//! Whether a line has been quiet for so long that no frame goes on.

/// Follows octets and time, which is counted in runs of the forwarding: 2 ms each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet {
    /// Since the last octet, up to [`QUIET_RUNS`].
    runs: u8,
}

/// Behind so many runs without an octet, 100 ms, no frame goes on.
pub const QUIET_RUNS: u8 = 49;

impl Quiet {
    /// Nothing was heard.
    pub const fn new() -> Self {
        Self { runs: 0 }
    }

    /// An octet was heard.
    pub const fn octet(&mut self) {
        self.runs = 0;
    }

    /// So many runs have passed: whether the line has become quiet with them, which is said once. Several pass at a time
    /// where there was much to do.
    pub const fn advance(&mut self, runs: u8) -> bool {
        if self.runs == QUIET_RUNS {
            return false;
        }
        self.runs = if runs > QUIET_RUNS - self.runs { QUIET_RUNS } else { self.runs + runs };
        self.runs == QUIET_RUNS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often it is said, when runs pass so many at a time.
    fn said(at_once: u8, runs: u32) -> usize {
        let mut quiet = Quiet::new();
        (0..runs / u32::from(at_once)).filter(|_| quiet.advance(at_once)).count()
    }

    #[test]
    fn it_is_said_once_however_many_runs_pass_at_a_time() {
        for at_once in 1..=255 {
            assert_eq!(said(at_once, 10_000), 1, "{at_once}");
        }
    }

    #[test]
    fn octets_begin_anew() {
        let mut quiet = Quiet::new();
        for _ in 0..100 {
            assert!(!quiet.advance(QUIET_RUNS - 1));
            quiet.octet();
        }
        assert!(quiet.advance(QUIET_RUNS));
        assert!(!quiet.advance(1));
        quiet.octet();
        assert!(!quiet.advance(QUIET_RUNS - 2));
        assert!(quiet.advance(3), "two behind one before it");
    }
}
