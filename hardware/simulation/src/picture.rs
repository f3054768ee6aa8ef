//! Pictures of signals.

use std::path::Path;

use plotters::prelude::*;

use crate::signal::Signal;

/// A diagram with a horizontal and a vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The file's name, without its ending.
    pub name: &'static str,
    /// What is shown.
    pub title: &'static str,
    /// The unit of the horizontal axis.
    pub x: &'static str,
    /// The unit of the vertical axis.
    pub y: &'static str,
    /// What is shown of the horizontal axis.
    pub range: (f64, f64),
    /// Lines are cut off above this.
    pub top: f64,
    /// What is drawn.
    pub lines: Vec<Line>,
    /// Values that are drawn across, and what they are.
    pub bounds: Vec<(&'static str, f64)>,
}

/// Points that are joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is.
    pub name: String,
    points: Vec<(f64, f64)>,
}

/// Colours that are told apart by people who do not see red and green alike (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];
const SIZE: (u32, u32) = (960, 440);
/// Room for the bounds' names.
const BESIDE: u32 = 170;
const GREY: RGBColor = RGBColor(110, 110, 110);

/// A label without needless zeros.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "plotters asks for it")]
fn short(value: &f64) -> String {
    format!("{}", (value * 1000.0).round() / 1000.0)
}

impl Line {
    /// A signal; `x` and `y` are what its seconds and its values are multiplied by.
    pub fn of(name: impl Into<String>, signal: &Signal, x: f64, y: f64) -> Self {
        let points = signal.time().iter().zip(signal.values()).map(|(&at, &value)| (at * x, value * y));
        Self { name: name.into(), points: points.collect() }
    }

    /// Points as they are.
    pub fn through(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), points }
    }
}

impl Picture {
    /// Writes it as SVG into a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let path = folder.join(self.name).with_extension("svg");
        let area = SVGBackend::new(&path, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (low, high) = self.height();
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, ("sans-serif", 20))
            .margin(12)
            .margin_right(if self.bounds.is_empty() { 24 } else { BESIDE })
            .x_label_area_size(42)
            .y_label_area_size(56)
            .build_cartesian_2d(self.range.0..self.range.1, low..high)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .label_style(("sans-serif", 14))
            .x_label_formatter(&short)
            .y_label_formatter(&short)
            .x_desc(self.x)
            .y_desc(self.y)
            .draw()?;
        for (name, value) in &self.bounds {
            let across = vec![(self.range.0, *value), (self.range.1, *value)];
            chart.draw_series(DashedLineSeries::new(across, 6, 4, GREY.stroke_width(1)))?;
            // Beside the diagram, where no line crosses it.
            let (x, y) = chart.backend_coord(&(self.range.1, *value));
            area.draw_text(name, &("sans-serif", 13).into_text_style(&area).color(&GREY), (x + 8, y - 7))?;
        }
        for (line, colour) in self.lines.iter().zip(COLOURS) {
            let series = LineSeries::new(self.visible(line), colour.stroke_width(2));
            chart
                .draw_series(series)?
                .label(line.name.as_str())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(3)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(200, 200, 200))
            .label_font(("sans-serif", 14))
            .draw()?;
        area.present()?;
        Ok(())
    }

    /// From a little below what is drawn to a little above it, with room for the names.
    fn height(&self) -> (f64, f64) {
        let drawn = self.lines.iter().flat_map(|line| self.visible(line)).map(|(_, y)| y);
        let values = drawn.chain(self.bounds.iter().map(|(_, value)| *value));
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), y| (low.min(y), high.max(y)));
        let room = (high - low) * 0.05;
        (if low < 0.0 { low - room } else { low }, high + room * (2.0 + self.lines.len() as f64 * 1.4))
    }

    /// The points in range, and those where lines leave it.
    fn cut(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let (from, until) = self.range;
        let crossing = |x: f64| {
            let pair = points.windows(2).find(|pair| pair[0].0 < x && x < pair[1].0)?;
            let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
            Some((x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)))
        };
        let inside = points.iter().copied().filter(|(x, _)| (from..=until).contains(x));
        let all = crossing(from).into_iter().chain(inside).chain(crossing(until));
        all.map(|(x, y)| (x, y.clamp(self.bottom(), self.top))).collect()
    }

    /// What is cut off above is cut off as far below zero.
    fn bottom(&self) -> f64 {
        if self.top.is_finite() { -self.top / 10.0 } else { f64::NEG_INFINITY }
    }

    /// The points in range, no more than can be seen: of the points of each column of pixels the first, the least, the
    /// greatest and the last.
    fn visible(&self, line: &Line) -> Vec<(f64, f64)> {
        let column = (self.range.1 - self.range.0) / f64::from(SIZE.0);
        let in_range = self.cut(&line.points);
        let place = |x: f64| ((x - self.range.0) / column) as u32;
        let columns = in_range.chunk_by(|a, b| place(a.0) == place(b.0));
        columns
            .flat_map(|points| {
                let least = points.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
                let most = points.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
                let mut kept: Vec<(f64, f64)> =
                    [points.first().copied(), least, most, points.last().copied()]
                        .into_iter()
                        .flatten()
                        .collect();
                kept.sort_by(|a, b| a.0.total_cmp(&b.0));
                kept.dedup();
                kept
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_the_same_each_time_and_has_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let points = (0..100_000).map(|x| (f64::from(x), f64::from(x % 7))).collect();
        let picture = Picture {
            name: "saw",
            title: "Saw",
            x: "s",
            y: "V",
            range: (0.0, 100_000.0),
            top: f64::INFINITY,
            lines: vec![Line::through("teeth", points)],
            bounds: vec![("bound", 5.0)],
        };
        let write = || {
            picture.write(folder.path()).unwrap();
            std::fs::read_to_string(folder.path().join("saw.svg")).unwrap()
        };
        let first = write();
        assert_eq!(first, write());
        assert!(first.contains("teeth") && first.contains("bound"));
        assert!(first.len() < 100_000, "{}", first.len());
    }
}
