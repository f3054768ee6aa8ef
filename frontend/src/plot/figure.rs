//! All of a plot but the cursor, worked out from the session and from what the person wants to see.

use meterscope_decoder::reading::Unit;

use super::mark::SLOTS;
use super::panel::Panel;
use super::reduce::{self, Trace};
use super::series::{self, Chosen};
use super::view::Window;
use crate::cards::Key;
use crate::session::{Block, Point, Session, Times};
use crate::source::Micros;
use crate::state::Plot;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// All readings that can be chosen, and their places in the session.
    pub offered: Vec<(usize, Key)>,
    /// Those that are chosen and drawn.
    pub curves: Vec<Curve>,
    /// From the first point of the session to the last.
    pub extent: Window,
    /// What of it is drawn.
    pub window: Window,
    /// The panels, in the order of [`series::units`].
    pub panels: Vec<Panel>,
    /// What the times count.
    pub times: Times,
}

/// A reading that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Which, and in which colour.
    pub chosen: Chosen,
    /// Its place in the session.
    pub series: usize,
    /// The panel that it is in.
    pub panel: usize,
    /// How long nothing may come before its line breaks off.
    pub gap: Micros,
    /// What is drawn of it.
    pub trace: Trace,
}

impl Figure {
    /// What `plot` shows of a session in so many columns of pixels; nothing where there is nothing to be drawn.
    pub fn of(session: &Session, plot: &Plot, columns: usize) -> Option<Self> {
        let (first, last) = session.span()?;
        let times = session.point_times();
        let extent = Window::around(first, last);
        let window = plot.view.window(extent);
        let offered = series::offered(&session.series(), session.cards());
        let keys: Vec<Key> = offered.iter().map(|(_, key)| *key).collect();
        let chosen = plot.chosen(&keys);
        let units = series::units(&chosen);
        let curve = |chosen: Chosen| {
            let &(series, _) = offered.iter().find(|(_, key)| *key == chosen.key)?;
            let panel = units.iter().position(|unit| *unit == chosen.key.unit)?;
            Some(Curve::of(session, chosen, series, panel, window, columns))
        };
        let curves: Vec<Curve> = chosen.iter().copied().filter_map(curve).take(SLOTS).collect();
        let panel = |(number, unit): (usize, Unit)| {
            let own = curves.iter().filter(|curve| curve.panel == number);
            Panel::of(unit, own.filter_map(|curve| curve.trace.summary))
        };
        let panels = units.into_iter().enumerate().map(panel).collect();
        Some(Self { offered, curves, extent, window, panels, times })
    }

    /// What is chosen.
    pub fn chosen(&self) -> Vec<Chosen> {
        self.curves.iter().map(|curve| curve.chosen).collect()
    }

    /// The keys of [`Self::offered`].
    pub fn keys(&self) -> Vec<Key> {
        self.offered.iter().map(|(_, key)| *key).collect()
    }

    /// Whether it takes the name of a meter to tell readings from each other.
    pub fn has_several_meters(&self) -> bool {
        let mut meters = self.offered.iter().map(|(_, key)| key.meter);
        meters.next().is_some_and(|first| meters.any(|meter| meter != first))
    }

    /// The curve of a reading.
    pub fn curve(&self, key: Key) -> Option<&Curve> {
        self.curves.iter().find(|curve| curve.chosen.key == key)
    }
}

impl Curve {
    fn of(
        session: &Session,
        chosen: Chosen,
        series: usize,
        panel: usize,
        window: Window,
        columns: usize,
    ) -> Self {
        let all = || session.points(series, 0, Micros::MAX);
        let gap = reduce::gap_of(all(), all().rev());
        // What lies within a gap of the window is joined to what is in it.
        let (from, to) = (window.from.saturating_sub(gap), window.to.saturating_add(gap));
        let longest = reduce::longest_block(window, columns);
        let before = session.points(series, from, window.from.saturating_sub(1)).next_back();
        let after = session.points(series, window.to.saturating_add(1), to).next();
        let inside = session.blocks(series, window.from, window.to, longest);
        let blocks = before.into_iter().map(Block::from).chain(inside).chain(after.map(Block::from));
        let points = session.points(series, window.from, window.to);
        let trace = reduce::reduce(blocks, points, window, columns, gap);
        Self { chosen, series, panel, gap, trace }
    }

    /// The point that is nearest to a moment, if there is one before a gap.
    pub fn nearest(&self, session: &Session, at: Micros) -> Option<Point> {
        let (from, to) = (at.saturating_sub(self.gap), at.saturating_add(self.gap));
        session.points(self.series, from, to).min_by_key(|point| point.at.abs_diff(at))
    }

    /// The point after a moment, or the one before it.
    pub fn next(&self, session: &Session, at: Micros, later: bool) -> Option<Point> {
        if later {
            session.points(self.series, at.checked_add(1)?, Micros::MAX).next()
        } else {
            session.points(self.series, 0, at.checked_sub(1)?).next_back()
        }
    }

    /// The first of all points, or the last.
    pub fn end(&self, session: &Session, last: bool) -> Option<Point> {
        let mut points = session.points(self.series, 0, Micros::MAX);
        if last { points.next_back() } else { points.next() }
    }
}
