//! The stretch of time that a plot shows, and how it moves: arithmetic in microseconds, always within the capture.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a mantissa holds the microseconds of 285 years; what is cast back was clamped to be positive"
)]

use crate::source::Micros;

/// One second.
pub const SECOND: Micros = 1_000_000;
/// Nobody reads a meter closer than this: the fastest send once a second.
pub const NARROWEST: Micros = 5 * SECOND;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first moment.
    pub from: Micros,
    /// Its last moment, behind the first.
    pub to: Micros,
}

/// What the person wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// All there is, also while it grows.
    #[default]
    Whole,
    /// So many microseconds up to the newest point: it scrolls while a meter sends.
    Latest(Micros),
    /// This stretch and no other.
    Fixed(Window),
}

impl Window {
    /// What lies between the first and the last point; wide enough to be drawn where there is but one.
    pub const fn around(first: Micros, last: Micros) -> Self {
        let missing = NARROWEST.saturating_sub(last.saturating_sub(first));
        let from = first.saturating_sub(missing / 2);
        let to = last.saturating_add(missing - missing / 2);
        Self { from, to }
    }

    /// In microseconds, at least one.
    pub const fn width(self) -> Micros {
        let width = self.to.saturating_sub(self.from);
        if width == 0 { 1 } else { width }
    }

    /// Whether a moment lies in it.
    pub const fn contains(self, at: Micros) -> bool {
        self.from <= at && at <= self.to
    }

    /// The moment at a place between 0, its start, and 1, its end.
    pub fn at(self, place: f64) -> Micros {
        self.from + (place.clamp(0.0, 1.0) * self.width() as f64) as Micros
    }

    /// The place of a moment: 0 at its start, 1 at its end.
    pub fn place(self, at: Micros) -> f64 {
        let behind = if at >= self.from { (at - self.from) as f64 } else { -((self.from - at) as f64) };
        behind / self.width() as f64
    }

    /// Moved by so many times its width.
    #[must_use]
    pub fn panned(self, by: f64) -> Self {
        let far = (by.abs() * self.width() as f64) as Micros;
        if by < 0.0 {
            let far = far.min(self.from);
            Self { from: self.from - far, to: self.to - far }
        } else {
            Self { from: self.from.saturating_add(far), to: self.to.saturating_add(far) }
        }
    }

    /// `factor` times as wide; the moment at `place` stays where it is.
    #[must_use]
    pub fn zoomed(self, factor: f64, place: f64) -> Self {
        let width = (self.width() as f64 * factor).max(NARROWEST as f64);
        let from = self.at(place).saturating_sub((place.clamp(0.0, 1.0) * width) as Micros);
        Self { from, to: from.saturating_add(width as Micros) }
    }

    /// Moved and stretched so that the moments under two fingers stay under them while they go from their first places to
    /// their last.
    #[must_use]
    pub fn pinched(self, first: (f64, f64), last: (f64, f64)) -> Self {
        let spread = last.1 - last.0;
        if spread.abs() < 0.02 {
            return self.panned((first.0 + first.1 - last.0 - last.1) / 2.0);
        }
        let factor = ((first.1 - first.0) / spread).abs().min(1e6);
        let zoomed = self.zoomed(factor, first.0);
        zoomed.panned(first.0.clamp(0.0, 1.0) - last.0)
    }

    /// Pushed and cut until it lies in `extent`.
    #[must_use]
    pub fn within(self, extent: Self) -> Self {
        let width = self.width().min(extent.width());
        let from = self.from.clamp(extent.from, extent.to.saturating_sub(width).max(extent.from));
        Self { from, to: from + width }
    }
}

impl View {
    /// The stretch to draw of a capture that spans `extent`.
    pub fn window(self, extent: Window) -> Window {
        match self {
            Self::Whole => extent,
            Self::Latest(width) => {
                Window { from: extent.to.saturating_sub(width), to: extent.to }.within(extent)
            }
            Self::Fixed(window) => window.within(extent),
        }
    }

    /// The view that shows `window`: a window that reaches the end goes on with it.
    pub fn of(window: Window, extent: Window) -> Self {
        let window = window.within(extent);
        if window.width() >= extent.width() {
            Self::Whole
        } else if window.to >= extent.to {
            Self::Latest(window.width())
        } else {
            Self::Fixed(window)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Window = Window { from: 1_000 * SECOND, to: 2_000 * SECOND };

    const fn seconds(from: Micros, to: Micros) -> Window {
        Window { from: from * SECOND, to: to * SECOND }
    }

    #[test]
    fn a_live_view_scrolls_and_a_fixed_one_stays() {
        let grown = Window { to: 2_060 * SECOND, ..EXTENT };
        let latest = View::Latest(60 * SECOND);
        assert_eq!(latest.window(EXTENT), seconds(1_940, 2_000));
        assert_eq!(latest.window(grown), seconds(2_000, 2_060));
        let fixed = View::Fixed(seconds(1_100, 1_200));
        assert_eq!(fixed.window(grown), fixed.window(EXTENT));
        assert_eq!(View::Whole.window(grown), grown);
        assert_eq!(View::Latest(9_000 * SECOND).window(EXTENT), EXTENT);
    }

    #[test]
    fn panning_stops_at_the_ends_and_follows_from_there() {
        let window = seconds(1_100, 1_200);
        assert_eq!(View::of(window.panned(0.5), EXTENT), View::Fixed(seconds(1_150, 1_250)));
        assert_eq!(View::of(window.panned(-5.0), EXTENT), View::Fixed(seconds(1_000, 1_100)));
        assert_eq!(View::of(window.panned(50.0), EXTENT), View::Latest(100 * SECOND));
        assert_eq!(seconds(0, 10).panned(-3.0), seconds(0, 10));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let window = seconds(1_100, 1_200);
        let closer = window.zoomed(0.5, 0.25);
        assert_eq!(closer, seconds(1_113, 1_163).panned(-0.01));
        assert_eq!(closer.at(0.25), window.at(0.25));
        assert_eq!(View::of(window.zoomed(1e9, 0.5), EXTENT), View::Whole);
        assert_eq!(window.zoomed(0.0, 1.0), seconds(1_195, 1_200));
    }

    #[test]
    fn moments_stay_under_the_fingers() {
        let window = seconds(1_100, 1_200);
        let pinched = window.pinched((0.25, 0.5), (0.25, 0.75));
        assert_eq!(pinched.width(), 50 * SECOND);
        assert_eq!((pinched.at(0.25), pinched.at(0.75)), (window.at(0.25), window.at(0.5)));
        let dragged = window.pinched((0.25, 0.5), (0.5, 0.75));
        assert_eq!(dragged, window.panned(-0.25));
        assert_eq!(window.pinched((0.25, 0.5), (0.4, 0.4)), window.panned(-0.025));
    }

    #[test]
    fn places_and_moments_are_each_others_inverse() {
        let window = seconds(1_100, 1_200);
        for place in [0.0, 0.25, 0.5, 1.0] {
            assert!((window.place(window.at(place)) - place).abs() < 1e-9);
        }
        assert!(window.place(1_050 * SECOND) < 0.0);
        assert_eq!(Window::around(7 * SECOND, 7 * SECOND).width(), NARROWEST);
        assert_eq!(Window::around(0, 90 * SECOND), seconds(0, 90));
    }
}
