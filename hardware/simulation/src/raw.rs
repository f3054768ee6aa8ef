//! ngspice's binary raw files.

use std::collections::BTreeMap;

/// What was saved of a run, by name as ngspice writes it: `v(d8_1)`, `i(vsupply)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raw {
    /// Seconds.
    pub time: Vec<f64>,
    /// Volts and amperes, each as long as the time.
    pub values: BTreeMap<String, Vec<f64>>,
}

/// Why a file is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A line of the header is missing.
    Header(&'static str),
    /// There are fewer octets than the header promises.
    Short,
}

/// Reads a file with one plot over time.
pub fn read(file: &[u8]) -> Result<Raw, Malformed> {
    const MARK: &[u8] = b"Binary:\n";
    let header_end =
        file.windows(MARK.len()).position(|window| window == MARK).ok_or(Malformed::Header("Binary:"))?;
    let header = String::from_utf8_lossy(&file[..header_end]);
    let variables = count(&header, "No. Variables:")?;
    let points = count(&header, "No. Points:")?;
    let names: Vec<&str> = header
        .lines()
        .skip_while(|line| !line.starts_with("Variables:"))
        .filter_map(|line| line.strip_prefix('\t')?.split('\t').nth(1))
        .collect();
    if names.len() != variables || names.first() != Some(&"time") {
        return Err(Malformed::Header("Variables:"));
    }
    let data = &file[header_end + MARK.len()..];
    let length = points.checked_mul(variables * 8).ok_or(Malformed::Short)?;
    let data = data.get(..length).ok_or(Malformed::Short)?;
    let mut columns = vec![Vec::with_capacity(points); variables];
    for point in data.chunks_exact(variables * 8) {
        for (column, octets) in columns.iter_mut().zip(point.chunks_exact(8)) {
            column.push(f64::from_le_bytes(octets.try_into().unwrap_or_default()));
        }
    }
    let mut columns = columns.into_iter();
    let time = columns.next().unwrap_or_default();
    Ok(Raw { time, values: names[1..].iter().map(|name| (*name).to_owned()).zip(columns).collect() })
}

fn count(header: &str, label: &'static str) -> Result<usize, Malformed> {
    header
        .lines()
        .find_map(|line| line.strip_prefix(label)?.trim().parse().ok())
        .ok_or(Malformed::Header(label))
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header(line) => write!(f, "the raw file's header has no good line `{line}`"),
            Self::Short => write!(f, "the raw file ends too early"),
        }
    }
}

impl std::error::Error for Malformed {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(points: usize) -> Vec<u8> {
        let mut file = format!(
            "Title: t\nFlags: real\nNo. Variables: 2\nNo. Points: {points}   \nVariables:\n\t0\ttime\ttime\n\t1\tv(d8)\tvoltage\nBinary:\n"
        )
        .into_bytes();
        for value in [0.0_f64, 5.0, 1e-3, 0.25] {
            file.extend(value.to_le_bytes());
        }
        file
    }

    #[test]
    fn values_are_by_name() {
        let raw = read(&file(2)).unwrap();
        assert_eq!(raw.time, [0.0, 1e-3]);
        assert_eq!(raw.values["v(d8)"], [5.0, 0.25]);
    }

    #[test]
    fn a_file_that_was_cut_is_refused() {
        assert_eq!(read(&file(3)), Err(Malformed::Short));
        assert_eq!(read(&file(usize::MAX)), Err(Malformed::Short));
        assert_eq!(read(b"nothing"), Err(Malformed::Header("Binary:")));
    }
}
