//! Fields and rows of a table as RFC 4180 has them: commas, CR LF, quotation marks where a field needs them.

use std::fmt::{self, Display, Write as _};

/// A row, or a part of one, in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    text: String,
    /// How many fields there are.
    fields: usize,
}

impl Row {
    /// One more field.
    pub(super) fn field(&mut self, content: impl Display) {
        if self.fields > 0 {
            self.text.push(',');
        }
        self.fields += 1;
        let start = self.text.len();
        let _ = write!(Doubling(&mut self.text), "{content}");
        let written = self.text.get(start..).unwrap_or_default();
        if written.contains(['"', ',', '\r', '\n']) {
            self.text.insert(start, '"');
            self.text.push('"');
        }
    }

    /// One more field, empty where there is nothing.
    pub(super) fn optional(&mut self, content: Option<impl Display>) {
        match content {
            Some(content) => self.field(content),
            None => self.field(""),
        }
    }

    /// The row with its end, behind the fields of `head`.
    pub(super) fn behind(&self, head: &Self) -> String {
        let comma = if self.fields > 0 { "," } else { "" };
        format!("{}{comma}{}\r\n", head.text, self.text)
    }
}

/// Doubles quotation marks.
struct Doubling<'a>(&'a mut String);

impl fmt::Write for Doubling<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('"') {
            self.0.push_str(part);
            if part.ends_with('"') {
                self.0.push('"');
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut head = Row::default();
        head.field("plain");
        let mut row = Row::default();
        for field in ["a,b", "say \"so\"", "two\nlines", " spaces ", "-1.50", "", "\""] {
            row.field(field);
        }
        row.optional(None::<u8>);
        row.optional(Some(7));
        assert_eq!(
            row.behind(&head),
            "plain,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\", spaces ,-1.50,,\"\"\"\",,7\r\n"
        );
    }
}
