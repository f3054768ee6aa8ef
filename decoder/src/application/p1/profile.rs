//! Logs and load profiles on one line (DSMR P1 companion standard 5.0.2, 6.12: class 7, profile generic).

use super::bracket::Brackets;
use super::line::parse_obis;
use crate::obis::Obis;

/// `(count)(column)…` and then, `count` times, `(time)(value)…`: a value for each column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    columns: [Option<Obis>; Self::MOST_COLUMNS],
    width: usize,
}

impl Profile {
    /// The widest one seen has three.
    const MOST_COLUMNS: usize = 8;
    /// Three digits.
    const MOST_ENTRIES: usize = 999;

    /// What the values of a line say of themselves; none unless they are exactly as many as they say.
    pub fn of(values: &[u8]) -> Option<Self> {
        let mut brackets = Brackets::new(values, 0);
        let count = entries(brackets.first()?)?;
        let mut columns = [None; Self::MOST_COLUMNS];
        let mut width = 0;
        let mut rest = brackets;
        while let Some(column) = brackets.first().and_then(parse_obis) {
            *columns.get_mut(width)? = Some(column);
            width += 1;
            rest = brackets;
        }
        let mut left = 0;
        while rest.first().is_some() {
            left += 1;
        }
        if width > 0 && left == count * (width + 1) { Some(Self { columns, width }) } else { None }
    }

    /// The column of a value, counted from the last one, which is 0; none for the time of an entry.
    pub fn column_from_end(&self, index: usize) -> Option<Obis> {
        let column = self.width.checked_sub(1 + index % (self.width + 1))?;
        self.columns.get(column).copied().flatten()
    }
}

fn entries(digits: &[u8]) -> Option<usize> {
    let whole = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let count = core::str::from_utf8(digits).ok()?.parse().ok()?;
    if whole && count <= Profile::MOST_ENTRIES { Some(count) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_values() {
        let profile = Profile::of(b"(2)(0-0:96.10.7)(1-0:1.29.0)(t)(00)(1*kWh)(t)(00)(2*kWh)").unwrap();
        let columns = [1, 0, 9, 1, 0, 9].map(|column| match column {
            0 => Some(Obis::new(0, 0, 96, 10, 7)),
            1 => Some(Obis::new(1, 0, 1, 29, 0)),
            _ => None,
        });
        assert_eq!([0, 1, 2, 3, 4, 5].map(|index| profile.column_from_end(index)), columns);
        assert!(Profile::of(b"(0)(0-0:96.7.19)").is_some());
        for none in [
            &b"()"[..],
            b"(3)",
            b"(1)(0-0:96.7.19)(t)",
            b"(0-0:96.7.19)(t)(1*s)",
            b"(2)(0-0:96.7.19)(t)(1*s)",
            b"(+1)(0-0:96.7.19)(t)(1*s)",
        ] {
            assert!(Profile::of(none).is_none(), "{}", none.escape_ascii());
        }
    }
}
