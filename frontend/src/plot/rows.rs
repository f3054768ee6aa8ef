//! The points in a plot as rows of a table: one row a frame, one column a reading.

use std::iter::Peekable;

use super::figure::Figure;
use crate::session::{Point, Session};
use crate::source::Micros;

/// The values of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Micros,
    /// The item that they came in.
    pub item: usize,
    /// In the order of the curves; none where the item has no such reading.
    pub values: Vec<Option<f64>>,
}

/// The first `most` moments in the window of a figure.
pub fn moments(session: &Session, figure: &Figure, most: usize) -> Vec<Moment> {
    let points = figure
        .curves
        .iter()
        .map(|curve| session.points(curve.series, figure.window.from, figure.window.to).peekable());
    merge(points.collect(), most)
}

fn merge(mut series: Vec<Peekable<impl Iterator<Item = Point>>>, most: usize) -> Vec<Moment> {
    let mut moments = Vec::new();
    while moments.len() < most {
        let heads = series.iter_mut().filter_map(|points| points.peek().map(|point| (point.item, point.at)));
        let Some((item, at)) = heads.min() else { break };
        let here = |point: &Point| point.item == item;
        let values = series.iter_mut().map(|points| points.next_if(here).map(|point| point.value)).collect();
        moments.push(Moment { at, item, values });
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_one_frame_share_a_row() {
        let points = |items: &[usize]| {
            let point = |&item: &usize| Point { at: item as Micros, value: f64::from(item as u32), item };
            items.iter().map(point).collect::<Vec<_>>().into_iter().peekable()
        };
        let moments = merge(vec![points(&[1, 2, 5]), points(&[2, 4, 5])], 3);
        let rows: Vec<_> = moments.iter().map(|moment| (moment.item, moment.values.as_slice())).collect();
        assert_eq!(
            rows,
            [(1, &[Some(1.0), None][..]), (2, &[Some(2.0), Some(2.0)][..]), (4, &[None, Some(4.0)][..]),]
        );
        assert_eq!(merge(vec![points(&[1]), points(&[])], 9).len(), 1);
    }
}
