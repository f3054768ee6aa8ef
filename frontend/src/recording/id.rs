//! What a recording is called.

use std::fmt;

use meterscope_capture::Time;

use super::numbers::float;
use crate::source::Micros;

/// A recording, named by when it began: milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u64);

/// Stands in front of the names of locks and files.
const PREFIX: &str = "meterscope-";

impl Id {
    /// A recording that begins now.
    pub const fn beginning(at: Micros) -> Self {
        Self(at / 1000)
    }

    /// When it began, as the browser counts: milliseconds since 1970.
    pub const fn began_ms(self) -> f64 {
        float(self.0)
    }

    /// The lock that whoever writes it holds.
    pub fn lock(self) -> String {
        format!("{PREFIX}recording-{self}")
    }

    /// The recording that a held lock belongs to.
    pub fn of_lock(lock: &str) -> Option<Self> {
        Self::of_folder(lock.strip_prefix(PREFIX)?.strip_prefix("recording-")?)
    }

    /// The recording that lies in this folder.
    pub fn of_folder(name: &str) -> Option<Self> {
        let id = Self(name.parse().ok()?);
        // `+1` and `01` are numbers too, and no names.
        (id.to_string() == name).then_some(id)
    }

    /// What the file is called when it leaves the browser; no system minds these characters.
    pub fn file_name(self) -> String {
        let nanoseconds = i64::try_from(self.0).unwrap_or_default().saturating_mul(1_000_000);
        let time = Time::since_1970(nanoseconds, 0).to_string().replace(':', "-");
        format!("{PREFIX}{time}.pcapng")
    }
}

/// The name of its folder.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Id = Id(1_768_396_620_123);

    #[test]
    fn names_lead_back() {
        assert_eq!(Id::beginning(1_768_396_620_123_456), ID);
        assert_eq!(Id::of_folder(&ID.to_string()), Some(ID));
        assert_eq!(Id::of_lock(&ID.lock()), Some(ID));
    }

    #[test]
    fn other_names_are_no_recordings() {
        for name in ["", "recordings", "+5", "05", "-1", "1.5"] {
            assert_eq!(Id::of_folder(name), None, "{name}");
        }
        assert_eq!(Id::of_lock("meterscope-port-5"), None);
    }

    #[test]
    fn a_file_is_named_by_the_time_in_utc() {
        assert_eq!(ID.file_name(), "meterscope-2026-01-14T13-17-00Z.pcapng");
        assert!(Id(u64::MAX).file_name().ends_with(".pcapng"));
    }
}
