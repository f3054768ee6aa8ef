//! Models beside the rows of their data sheets.

use crate::limit::Source;
use crate::report::{Table, rounded};

/// A row of a data sheet and what the model does.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    what: &'static str,
    range: (Option<f64>, Option<f64>),
    unit: &'static str,
    source: Source,
    values: Vec<(String, f64)>,
}

impl Row {
    /// A row: quantity, least and most, unit, source, and the model's value in each case.
    pub fn new(
        what: &'static str,
        range: (Option<f64>, Option<f64>),
        unit: &'static str,
        source: Source,
        values: Vec<(String, f64)>,
    ) -> Self {
        Self { what, range, unit, source, values }
    }

    /// What is out of range; each says what and where.
    pub fn mismatches(&self) -> Vec<String> {
        let (least, most) = self.range;
        // The model is set to the bound itself in places: a thousandth beyond is the same.
        let fits = |value: f64| {
            least.is_none_or(|least| value >= least - least.abs() * 1e-3)
                && most.is_none_or(|most| value <= most + most.abs() * 1e-3)
        };
        let wrong = self.values.iter().filter(|(_, value)| !fits(*value));
        wrong.map(|(case, value)| format!("{}, {case}: {value} {}", self.what, self.unit)).collect()
    }
}

/// The rows as a table.
pub fn rows_table(rows: &[Row]) -> Table {
    let cases: Vec<&str> =
        rows.first().map_or_else(Vec::new, |row| row.values.iter().map(|(case, _)| case.as_str()).collect());
    let mut head = vec!["Row", "Least", "Most", "Unit"];
    head.extend(&cases);
    head.push("Source");
    let mut table = Table::new(&head);
    for row in rows {
        let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
        let mut cells =
            vec![row.what.to_owned(), bound(row.range.0), bound(row.range.1), row.unit.to_owned()];
        cells.extend(row.values.iter().map(|(_, value)| rounded(*value)));
        cells.push(row.source.to_string());
        table.row(cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        let values = vec![("typical".into(), 3.3), ("bright".into(), 3.5)];
        let row = Row::new("VDD", (Some(3.1), Some(3.4)), "V", Source::Read("sheet"), values);
        assert_eq!(row.mismatches(), ["VDD, bright: 3.5 V"]);
        assert!(rows_table(&[row]).markdown().contains("| VDD | 3.1 | 3.4 | V | 3.30 | 3.50 | sheet |"));
    }
}
