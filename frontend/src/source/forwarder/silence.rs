//! What to do about a board that says what it is and then answers no more.

/// How often a board fell silent, as far as that counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silence {
    last_ms: Option<u64>,
}

/// One that falls silent again within so long will do so for ever.
const AGAIN_MS: u64 = 60_000;

impl Silence {
    /// It answers no more: whether asking it anew what it is may help. It may be another board by now.
    pub fn is_worth_asking(&mut self, now_ms: u64) -> bool {
        let last_ms = self.last_ms.replace(now_ms);
        last_ms.is_none_or(|last_ms| now_ms >= last_ms + AGAIN_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_that_is_always_silent_is_asked_twice() {
        let mut silence = Silence::default();
        assert!(silence.is_worth_asking(3000));
        assert!(!silence.is_worth_asking(6000));
    }

    #[test]
    fn a_board_that_is_silent_now_and_then_is_asked_anew() {
        let mut silence = Silence::default();
        for hour in 0..100 {
            assert!(silence.is_worth_asking(hour * 3_600_000));
        }
    }
}
