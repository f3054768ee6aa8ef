//! What the person wants a plot to show. It changes with every movement of a pointer, so the plot keeps it to itself, and
//! nothing else of the page is drawn anew.

use crate::cards::Key;
use crate::plot::series::{self, Chosen};
use crate::plot::view::{View, Window};
use crate::source::Micros;

/// What the person wants to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// Only its head is shown.
    pub folded: bool,
    /// The table behind it is shown.
    pub table: bool,
    /// Which stretch of time.
    pub view: View,
    /// The point that is looked at.
    pub cursor: Option<Cursor>,
    /// Where the keyboard was last among the readings to choose from.
    pub reached: Option<Key>,
    /// The readings, once the person has chosen.
    chosen: Option<Vec<Chosen>>,
}

/// A point that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When.
    pub at: Micros,
    /// Of which reading.
    pub key: Key,
}

/// What can happen to a plot.
#[derive(Clone, Debug, PartialEq)]
pub enum PlotAction {
    /// It shall be folded to its head, or unfolded.
    Fold(bool),
    /// The table shall be shown, or not.
    ShowTable(bool),
    /// These readings were chosen.
    Choose(Vec<Chosen>),
    /// The keyboard went to the choice of this reading.
    Reach(Key),
    /// Another stretch of time shall be shown.
    Show(View),
    /// The stretch shall move by so many times its width.
    Pan(f64),
    /// It shall become so many times as wide; the moment at the place, from 0 to 1, stays.
    Zoom(f64, f64),
    /// A point was pointed at.
    Point(Option<Cursor>),
    /// The keyboard went to a point; the stretch moves with it.
    Step(Cursor),
}

/// How far from the edge a point comes to lie that the keyboard went to.
const MARGIN: f64 = 0.1;

impl Plot {
    /// What it shows after `action`, of a capture that spans `extent`.
    #[must_use]
    pub fn after(mut self, action: PlotAction, extent: Window) -> Self {
        let window = self.view.window(extent);
        match action {
            PlotAction::Fold(folded) => self.folded = folded,
            PlotAction::ShowTable(table) => self.table = table,
            PlotAction::Choose(chosen) => {
                self.cursor = self.cursor.filter(|cursor| chosen.iter().any(|it| it.key == cursor.key));
                self.chosen = Some(chosen);
            }
            PlotAction::Reach(key) => self.reached = Some(key),
            PlotAction::Show(View::Fixed(window)) => self.view = View::of(window, extent),
            PlotAction::Show(view) => self.view = view,
            PlotAction::Pan(by) => self.view = View::of(window.panned(by), extent),
            PlotAction::Zoom(factor, place) => self.view = View::of(window.zoomed(factor, place), extent),
            PlotAction::Point(cursor) => self.cursor = cursor,
            PlotAction::Step(cursor) => {
                self.cursor = Some(cursor);
                let place = window.place(cursor.at);
                if !(0.0..=1.0).contains(&place) {
                    let aim = if place < 0.0 { MARGIN } else { 1.0 - MARGIN };
                    self.view = View::of(window.panned(place - aim), extent);
                }
            }
        }
        self
    }

    /// What the person has chosen, if anything was.
    pub fn choice(&self) -> Option<&[Chosen]> {
        self.chosen.as_deref()
    }

    /// The chosen ones of the readings that are there; the first of them as long as nobody has chosen among them.
    pub fn chosen(&self, offered: &[Key]) -> Vec<Chosen> {
        let there = |chosen: &&Chosen| offered.contains(&chosen.key);
        match &self.chosen {
            Some(chosen) if chosen.is_empty() => Vec::new(),
            Some(chosen) if chosen.iter().any(|it| there(&it)) => {
                chosen.iter().filter(there).copied().collect()
            }
            _ => series::first_choice(offered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::series::tests::POWER;
    use crate::plot::view::SECOND;

    const EXTENT: Window = Window { from: 0, to: 1_000 * SECOND };

    fn after(plot: Plot, actions: impl IntoIterator<Item = PlotAction>) -> Plot {
        actions.into_iter().fold(plot, |plot, action| plot.after(action, EXTENT))
    }

    #[test]
    fn zoom_in_pan_and_out_again() {
        let plot = after(Plot::default(), [PlotAction::Zoom(0.1, 0.5)]);
        assert_eq!(plot.view, View::Fixed(Window { from: 450 * SECOND, to: 550 * SECOND }));
        let plot = after(plot, [PlotAction::Pan(-1.0)]);
        assert_eq!(plot.view, View::Fixed(Window { from: 350 * SECOND, to: 450 * SECOND }));
        let live = after(plot.clone(), [PlotAction::Pan(99.0)]);
        assert_eq!(live.view, View::Latest(100 * SECOND));
        assert_eq!(after(plot, [PlotAction::Zoom(50.0, 0.5)]).view, View::Whole);
    }

    #[test]
    fn the_keyboard_takes_the_view_along() {
        let view = View::Fixed(Window { from: 100 * SECOND, to: 200 * SECOND });
        let plot = Plot { view, ..Plot::default() };
        let step = |at: Micros| PlotAction::Step(Cursor { at: at * SECOND, key: POWER });
        assert_eq!(after(plot.clone(), [step(150)]).view, view);
        let right = after(plot.clone(), [step(210)]).view.window(EXTENT);
        assert_eq!(right.to, 220 * SECOND);
        let left = after(plot, [step(50)]).view.window(EXTENT);
        assert_eq!(left.from, 40 * SECOND);
    }

    #[test]
    fn a_choice_lasts_as_long_as_there_is_something_of_it() {
        let other = Key { tariff: 1, ..POWER };
        let plot = Plot::default();
        assert_eq!(plot.chosen(&[POWER, other]), [Chosen { key: POWER, slot: 0 }]);
        let cursor = Some(Cursor { at: 0, key: POWER });
        let plot = after(
            plot,
            [PlotAction::Point(cursor), PlotAction::Choose(vec![Chosen { key: other, slot: 1 }])],
        );
        assert_eq!(plot.cursor, None);
        assert_eq!(plot.chosen(&[POWER, other]), [Chosen { key: other, slot: 1 }]);
        assert_eq!(plot.chosen(&[POWER]), [Chosen { key: POWER, slot: 0 }]);
        assert_eq!(after(plot, [PlotAction::Choose(Vec::new())]).chosen(&[POWER]), []);
    }
}
