//! How long something takes, in the largest units that still say it.

use super::{Language, Text};

impl Text {
    /// `23:58:07` of a clock on the wall.
    pub fn time_of_day(at: u64) -> String {
        let seconds = at / 1_000_000 % 86_400;
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    /// `2.5 s`, `12 min`, `3 h`: rounded to what a person would say.
    pub fn duration(self, micros: u64) -> String {
        let tenths = micros.saturating_add(50_000) / 100_000;
        let hours = match self.language {
            Language::En => "h",
            Language::Nb => "t",
        };
        match tenths {
            0..100 if !tenths.is_multiple_of(10) => {
                format!("{}{}{}\u{A0}s", tenths / 10, self.numbers.decimal, tenths % 10)
            }
            0..1200 => format!("{}\u{A0}s", (tenths + 5) / 10),
            1200..72_000 => format!("{}\u{A0}min", (tenths + 300) / 600),
            _ => format!("{}\u{A0}{hours}", self.numbers.whole((tenths + 18_000) / 36_000)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_two_digits_each() {
        assert_eq!(Text::time_of_day(86_400_000_000 * 3 + 3_661_999_999), "01:01:01");
    }

    #[test]
    fn as_a_person_would_say_it() {
        const SECOND: u64 = 1_000_000;
        let en = Text::default();
        let said = [
            (0, "0 s"),
            (2_498_000, "2.5 s"),
            (9_998_000, "10 s"),
            (89 * SECOND, "89 s"),
            (12 * 60 * SECOND + 7 * SECOND, "12 min"),
            (3_599 * SECOND, "60 min"),
            (30 * 3600 * SECOND, "30 h"),
        ];
        for (micros, text) in said {
            assert_eq!(en.duration(micros).replace('\u{A0}', " "), text);
        }
        let nb = Text { language: Language::Nb, ..en };
        assert_eq!(nb.duration(5 * 3600 * SECOND), "5\u{A0}t");
    }
}
