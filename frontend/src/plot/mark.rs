//! A shape for each series, so that colour is never the only thing that tells two of them apart.

/// How many series have a colour and a shape of their own.
pub const SLOTS: usize = 6;

/// The corners of a shape, in twelfths of its radius around its middle: a square, a triangle, a diamond, a triangle on its
/// tip, a plus and an x.
const SHAPES: [&[(i32, i32)]; SLOTS] = [
    &[(-9, -9), (9, -9), (9, 9), (-9, 9)],
    &[(0, -12), (11, 9), (-11, 9)],
    &[(0, -13), (13, 0), (0, 13), (-13, 0)],
    &[(0, 12), (11, -9), (-11, -9)],
    &[
        (-4, -12),
        (4, -12),
        (4, -4),
        (12, -4),
        (12, 4),
        (4, 4),
        (4, 12),
        (-4, 12),
        (-4, 4),
        (-12, 4),
        (-12, -4),
        (-4, -4),
    ],
    &[
        (-11, -6),
        (-6, -11),
        (0, -5),
        (6, -11),
        (11, -6),
        (5, 0),
        (11, 6),
        (6, 11),
        (0, 5),
        (-6, 11),
        (-11, 6),
        (-5, 0),
    ],
];

/// The corners of a shape of this radius around a place, in pixels.
pub fn corners(slot: usize, radius: i32, (x, y): (i32, i32)) -> Vec<(i32, i32)> {
    let shape = SHAPES.get(slot).copied().unwrap_or_default();
    shape.iter().map(|&(right, down)| (x + right * radius / 12, y + down * radius / 12)).collect()
}

/// The same as the points of a polygon in SVG, in a square of 28 around 0.
pub fn polygon(slot: usize) -> String {
    let shape = SHAPES.get(slot).copied().unwrap_or_default();
    shape.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_a_shape_of_its_own() {
        for slot in 0..SLOTS {
            assert!(corners(slot, 6, (0, 0)).len() >= 3);
            assert!((0..slot).all(|other| polygon(other) != polygon(slot)));
        }
        assert!(corners(SLOTS, 6, (0, 0)).is_empty());
    }
}
