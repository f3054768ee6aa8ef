//! Tables for the README.

use crate::limit::{Bound, Finding};

/// A table of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no row.
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<String> = self.head.iter().map(|_| "---".to_owned()).collect();
        let mut markdown = line(&self.head) + &line(&rule);
        markdown.extend(self.rows.iter().map(|row| line(row)));
        markdown
    }
}

/// How much room each limit leaves where there is least.
pub fn margins(findings: &[Finding]) -> Table {
    let mut table =
        Table::new(&["Quantity", "Limit", "Worst", "Margin", "Where", "Cases", "Source of the limit"]);
    for (finding, count) in crate::limit::worst(findings) {
        let limit = finding.limit;
        let unit = |value: f64| format!("{} {}", rounded(value), limit.unit).trim_end().to_owned();
        let (Bound::AtMost(bound) | Bound::AtLeast(bound)) = limit.bound;
        let share = if bound.abs() > 0.0 && finding.margin().is_finite() {
            format!(" ({:.0} %)", finding.margin() / bound * 100.0)
        } else {
            String::new()
        };
        let share = if limit.unit.starts_with('%') { String::new() } else { share };
        let verdict = if finding.holds() { "" } else { "**not held** " };
        table.row([
            limit.what.to_owned(),
            format!("{} {}", limit.bound, limit.unit).trim_end().to_owned(),
            unit(finding.value),
            format!("{verdict}{}{share}", unit(finding.margin())),
            finding.case.clone(),
            count.to_string(),
            limit.source.to_string(),
        ]);
    }
    table
}

/// Replaces what stands between `<!-- NAME -->` and `<!-- end -->`.
///
/// None where there is no such place.
pub fn put(text: &str, name: &str, content: &str) -> Option<String> {
    let mark = format!("<!-- {name} -->\n");
    let from = text.find(&mark)? + mark.len();
    let until = from + text[from..].find("<!-- end -->")?;
    Some(format!("{}\n{}\n{}", &text[..from], content.trim_end(), &text[until..]))
}

/// Volts as tables show them.
pub(crate) fn volts(value: f64) -> String {
    format!("{value:.2} V")
}

/// Three digits: results of other machines agree with that much.
pub(crate) fn rounded(value: f64) -> String {
    let size = value.abs();
    match value {
        _ if !value.is_finite() => "none".to_owned(),
        _ if size < 1e-6 => "0".to_owned(),
        _ if size >= 100.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.1}"),
        _ if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit;

    #[test]
    fn a_broken_limit_is_said() {
        let finding = |value| Finding { limit: &limit::MARK, case: "far".into(), value };
        let held = margins(&[finding(22.0)]).markdown();
        assert!(held.contains("| 22.0 V | 1.20 V (6 %) | far | 1 |"), "{held}");
        assert!(margins(&[finding(20.0)]).markdown().contains("**not held** -0.80 V"));
    }

    #[test]
    fn only_the_marked_place_is_replaced() {
        let text = "a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- y -->\n<!-- end -->\n";
        let put = put(text, "x", "new\n").unwrap();
        assert_eq!(put, "a\n<!-- x -->\n\nnew\n<!-- end -->\nb\n<!-- y -->\n<!-- end -->\n");
        assert_eq!(super::put(text, "z", ""), None);
    }
}
