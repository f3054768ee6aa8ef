//! Which rows of a long list are on the screen, and where. Pixels in, pixels out; no browser.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "rows are counted and pixels measured; a list has fewer rows than a mantissa has values, and none above its top"
)]

use std::ops::Range;

/// The tallest element that all browsers lay out right: Firefox stops near 17.8 million pixels, Chromium near 33.5.
const TALLEST: f64 = 16_000_000.0;

/// Rows drawn beyond either edge, so that a fast wheel shows no blank.
const OVERSCAN: usize = 8;

/// A long list in a scrolled window.
///
/// A list that would be taller than any browser can lay out is scaled: the scroll bar moves over fewer pixels than the
/// rows would need, and the rows are placed where the eye is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VirtualRows {
    /// All rows.
    pub count: usize,
    /// The height of a row, above 0.
    pub row_height: f64,
    /// The height of the window.
    pub height: f64,
    /// How far it is scrolled.
    pub scroll_top: f64,
}

impl VirtualRows {
    /// The height that the scroll bar stands for.
    pub fn spacer_height(&self) -> f64 {
        self.content_height().min(TALLEST)
    }

    /// The rows to draw.
    pub fn range(&self) -> Range<usize> {
        let first = ((self.virtual_top() / self.row_height) as usize).min(self.count);
        let last = first + (self.height / self.row_height).ceil() as usize + 1;
        first.saturating_sub(OVERSCAN)..(last + OVERSCAN).min(self.count)
    }

    /// Where the first row of [`range`](Self::range) stands, from the top of the spacer.
    pub fn offset(&self) -> f64 {
        let first = self.range().start as f64 * self.row_height;
        (self.scrolled() + first - self.virtual_top()).max(0.0)
    }

    /// How far to scroll for `row` to be seen whole; none if it already is.
    pub fn scroll_to(&self, row: usize) -> Option<f64> {
        let top = row as f64 * self.row_height;
        let bottom = top + self.row_height;
        let virtual_top = self.virtual_top();
        let target = if top < virtual_top {
            top
        } else if bottom > virtual_top + self.height {
            (bottom - self.height).max(0.0)
        } else {
            return None;
        };
        Some(target / self.scale())
    }

    /// How many whole rows a page key moves by.
    pub fn page(&self) -> usize {
        ((self.height / self.row_height) as usize).saturating_sub(1).max(1)
    }

    fn content_height(&self) -> f64 {
        self.count as f64 * self.row_height
    }

    /// How far it can really be scrolled: a list that became shorter is told so only after it was laid out again.
    fn scrolled(&self) -> f64 {
        self.scroll_top.clamp(0.0, (self.spacer_height() - self.height).max(0.0))
    }

    fn virtual_top(&self) -> f64 {
        (self.scrolled() * self.scale()).min((self.content_height() - self.height).max(0.0))
    }

    fn scale(&self) -> f64 {
        let room = self.spacer_height() - self.height;
        if self.content_height() <= TALLEST || room <= 0.0 {
            1.0
        } else {
            (self.content_height() - self.height) / room
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(count: usize, scroll_top: f64) -> VirtualRows {
        VirtualRows { count, row_height: 28.0, height: 560.0, scroll_top }
    }

    #[test]
    fn only_what_is_seen_is_drawn() {
        assert_eq!(list(1_000, 0.0).range(), 0..29);
        assert_eq!(list(1_000, 2_800.0).range(), 92..129);
        assert_eq!(list(3, 0.0).range(), 0..3);
        assert_eq!(list(0, 0.0).range(), 0..0);
    }

    #[test]
    fn rows_stand_where_the_eye_is() {
        let rows = list(1_000, 2_810.0);
        assert!((rows.offset() - 92.0 * 28.0).abs() < 1e-9);
    }

    #[test]
    fn a_list_that_became_shorter_stands_at_its_top() {
        let rows = list(2, 15_000_000.0);
        assert_eq!(rows.range(), 0..2);
        assert!(rows.offset().abs() < 1e-9);
    }

    #[test]
    fn the_last_of_twelve_million_is_reached() {
        let mut rows = list(12_000_000, 0.0);
        assert!(rows.spacer_height() <= TALLEST);
        rows.scroll_top = rows.scroll_to(11_999_999).unwrap();
        assert_eq!(rows.range().end, 12_000_000);
        assert!(rows.scroll_top <= rows.spacer_height() - rows.height + 1.0);
        // The bottom edge of the last row is the bottom edge of the window.
        let bottom = rows.offset() + rows.range().len() as f64 * rows.row_height;
        assert!((bottom - rows.scroll_top - rows.height).abs() < 1.0, "{bottom}");
    }

    #[test]
    fn any_row_scrolled_to_is_seen() {
        for count in [100, 1_000_000, 12_000_000] {
            for row in [0, count / 3, count / 2, count - 1] {
                let mut rows = list(count, 700.0);
                rows.scroll_top = rows.scroll_to(row).unwrap_or(rows.scroll_top);
                assert!(rows.range().contains(&row));
                let again = rows.scroll_to(row).unwrap_or(rows.scroll_top);
                assert!((again - rows.scroll_top).abs() < 1.0, "{count} {row}");
            }
        }
    }
}
