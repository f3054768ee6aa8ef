//! Which point the pointer means, and which one a key leads to.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "widths on the screen are small and positive"
)]

use super::figure::{Curve, Figure};
use super::panel::Layout;
use crate::session::{Point, Session};
use crate::source::Micros;
use crate::state::Cursor;

/// So many pixels around the pointer belong to it: a spike of a single column can be hit.
const REACH: f64 = 4.0;

/// The point nearest to a pixel, among the readings of its panel.
pub fn at_pixel(session: &Session, figure: &Figure, layout: &Layout, (x, y): (f64, f64)) -> Option<Cursor> {
    let number = layout.panel_at(y);
    let panel = figure.panels.get(number)?;
    let at = figure.window.at(layout.place(x));
    let reach = (figure.window.width() as f64 / layout.width() * REACH) as Micros;
    let height = |point: &Point| layout.pixel(number, panel, point.value);
    let along =
        |point: &Point| f64::from(layout.across.start) + figure.window.place(point.at) * layout.width();
    let distance = |point: &Point| (height(point) - y).powi(2) + (along(point) - x).powi(2);
    let own = figure.curves.iter().filter(|curve| curve.panel == number);
    let nearest = own.filter_map(|curve| {
        let near = session.points(curve.series, at.saturating_sub(reach), at.saturating_add(reach));
        let point = near.min_by(|one, other| distance(one).total_cmp(&distance(other)));
        Some((curve, point.or_else(|| curve.nearest(session, at))?))
    });
    let (curve, point) = nearest.min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)))?;
    Some(Cursor { at: point.at, key: curve.chosen.key })
}

/// A step of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the point before.
    Earlier,
    /// To the point after.
    Later,
    /// To the reading above in the list.
    Previous,
    /// To the reading below.
    Next,
    /// To the first point of all.
    First,
    /// To the last.
    Last,
}

/// Where a step leads from `cursor`; without one, into the window.
pub fn step(session: &Session, figure: &Figure, cursor: Option<Cursor>, step: Step) -> Option<Cursor> {
    let known = cursor.and_then(|cursor| Some((figure.curve(cursor.key)?, cursor.at)));
    let Some((curve, at)) = known else {
        let curve = figure.curves.first()?;
        let aim =
            if step == Step::Later || step == Step::First { figure.window.from } else { figure.window.to };
        let inside = session.points(curve.series, figure.window.from, figure.window.to);
        let point = inside.min_by_key(|point| point.at.abs_diff(aim)).or_else(|| curve.end(session, true))?;
        return Some(cursor_on(curve, point));
    };
    let point = match step {
        Step::Earlier => curve.next(session, at, false),
        Step::Later => curve.next(session, at, true),
        Step::First => curve.end(session, false),
        Step::Last => curve.end(session, true),
        Step::Previous | Step::Next => return other(session, figure, curve, at, step),
    };
    point.map(|point| cursor_on(curve, point))
}

/// The point of the reading above or below that is nearest in time.
fn other(session: &Session, figure: &Figure, curve: &Curve, at: Micros, step: Step) -> Option<Cursor> {
    let place = figure.curves.iter().position(|other| other.chosen == curve.chosen)?;
    let place = if step == Step::Next { place.checked_add(1) } else { place.checked_sub(1) };
    let curve = figure.curves.get(place?)?;
    let before = curve.next(session, at.saturating_add(1), false);
    let after = curve.next(session, at.saturating_sub(1), true);
    let point = [before, after].into_iter().flatten().min_by_key(|point| point.at.abs_diff(at))?;
    Some(cursor_on(curve, point))
}

const fn cursor_on(curve: &Curve, point: Point) -> Cursor {
    Cursor { at: point.at, key: curve.chosen.key }
}
