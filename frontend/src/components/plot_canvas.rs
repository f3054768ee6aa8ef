//! Draws a plot with plotters.
//!
//! The labels at the axes are set here, text by text: plotters would measure each with an element of its own that has a
//! style attribute, which the page's policy forbids. What colours there are, the style sheet says.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;

use crate::plot::colour::Rgb;
use crate::plot::figure::{Curve, Figure};
use crate::plot::mark::{self, SLOTS};
use crate::plot::panel::{Layout, Panel};
use crate::session::Place;
use crate::source::Micros;
use crate::state::Cursor;

/// All that is drawn.
pub struct Scene<'a> {
    /// Curves and panels.
    pub figure: &'a Figure,
    /// Where they lie.
    pub layout: &'a Layout,
    /// What stands at the axes.
    pub labels: &'a Labels,
    /// The point that is looked at, and its value.
    pub cursor: Option<(Cursor, f64)>,
    /// When the selected frame came.
    pub marked: Option<Micros>,
    /// Device pixels in a CSS pixel.
    pub scale: f64,
}

/// What stands at the axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// At the time axis.
    pub times: Vec<(Micros, String)>,
    /// At the axis of each panel.
    pub panels: Vec<PanelLabels>,
}

/// What stands at the axis of a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelLabels {
    /// The unit.
    pub unit: String,
    /// The values and how they are written.
    pub values: Vec<(f64, String)>,
}

/// The colours, as the style sheet has them.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Behind everything.
    pub ground: Rgb,
    /// The lines of the grid.
    pub grid: Rgb,
    /// Labels.
    pub ink: Rgb,
    /// The selection.
    pub selected: Rgb,
    /// The readings.
    pub slots: [Rgb; SLOTS],
}

type Area = DrawingArea<CanvasBackend, plotters::coord::Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

/// Draws a scene; its canvas has the size of the scene in device pixels.
pub fn draw(canvas: HtmlCanvasElement, scene: &Scene<'_>, palette: &Palette) -> Option<()> {
    let area = CanvasBackend::with_canvas_object(canvas)?.into_drawing_area();
    let painter = Painter { scene, palette, area };
    painter.paint().ok()
}

struct Painter<'a> {
    scene: &'a Scene<'a>,
    palette: &'a Palette,
    area: Area,
}

impl Painter<'_> {
    fn paint(&self) -> Drawn {
        let Scene { figure, layout, .. } = self.scene;
        self.area.fill(&colour(self.palette.ground))?;
        self.time_axis()?;
        let parts = figure.panels.iter().zip(&layout.down).zip(&self.scene.labels.panels);
        for (number, ((panel, down), labels)) in parts.enumerate() {
            self.value_axis(number, panel, labels)?;
            let corner = (self.device(layout.across.start), self.device(down.start));
            let size = (self.device(layout.across.end) - corner.0, self.device(down.end) - corner.1);
            let area = self.area.clone().shrink(corner, size);
            let mut chart = ChartBuilder::on(&area).build_cartesian_2d(0.0..1.0, panel.low..panel.high)?;
            for curve in figure.curves.iter().filter(|curve| curve.panel == number) {
                self.curve(&mut chart, curve)?;
            }
        }
        self.mark()?;
        self.cursor()
    }

    fn time_axis(&self) -> Drawn {
        let Scene { figure, layout, labels, .. } = self.scene;
        let grid = self.line(self.palette.grid, 1);
        let Some(bottom) = layout.down.last() else { return Ok(()) };
        let mut free_from = i32::MIN;
        for (at, label) in &labels.times {
            let x = self.x(figure.window.place(*at));
            for panel in &layout.down {
                self.segment((x, self.device(panel.start)), (x, self.device(panel.end)), grid)?;
            }
            // About as wide as it is drawn: only a label that would touch the one before is left out.
            let half = self.device(4 * label.chars().count() as i32);
            if x - half >= free_from && x + half <= self.device(layout.across.end + 14) {
                let place = (x, self.device(bottom.end + 6));
                self.text(label, place, self.palette.ink, Pos::new(HPos::Center, VPos::Top))?;
                free_from = x + half;
            }
        }
        Ok(())
    }

    fn value_axis(&self, number: usize, panel: &Panel, labels: &PanelLabels) -> Drawn {
        let layout = self.scene.layout;
        let Some(down) = layout.down.get(number) else { return Ok(()) };
        let (left, right) = (self.device(layout.across.start), self.device(layout.across.end));
        for (value, label) in &labels.values {
            let y = (layout.pixel(number, panel, *value) * self.scene.scale).round() as i32;
            self.segment((left, y), (right, y), self.line(self.palette.grid, 1))?;
            let place = (left - self.device(6), y);
            self.text(label, place, self.palette.ink, Pos::new(HPos::Right, VPos::Center))?;
        }
        let (top, bottom) = (self.device(down.start), self.device(down.end));
        self.segment((left, bottom), (right, bottom), self.line(self.palette.ink, 1))?;
        let unit = (left, top - self.device(4));
        self.text(&labels.unit, unit, self.palette.ink, Pos::new(HPos::Left, VPos::Bottom))
    }

    fn curve(
        &self,
        chart: &mut ChartContext<'_, CanvasBackend, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
        curve: &Curve,
    ) -> Drawn {
        let rgb = self.rgb(curve.chosen.slot);
        let window = self.scene.figure.window;
        let place = |&(at, value): &Place| (window.place(at), value);
        for line in &curve.trace.lines {
            if let [alone] = line[..] {
                let radius = self.device(2).max(1);
                chart.draw_series([Circle::new(place(&alone), radius, colour(rgb).filled())])?;
            } else {
                chart.draw_series(LineSeries::new(line.iter().map(place), self.thick(rgb)))?;
            }
        }
        self.marks(chart, curve, rgb)
    }

    /// The shapes that tell one line from another: on each point where there are few, else now and then.
    fn marks(
        &self,
        chart: &ChartContext<'_, CanvasBackend, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
        curve: &Curve,
        rgb: Rgb,
    ) -> Drawn {
        const APART: i32 = 14;
        const FAR_APART: i32 = 120;
        let Scene { figure, layout, .. } = self.scene;
        let points = curve.trace.summary.map_or(0, |summary| summary.count);
        let few = points as f64 * f64::from(APART) <= layout.width();
        if !few && figure.curves.len() < 2 {
            return Ok(());
        }
        let apart = self.device(if few { 0 } else { FAR_APART });
        // Lines that lie on each other have their shapes side by side.
        let slot = curve.chosen.slot;
        let mut free_from = if few { i32::MIN } else { apart * slot as i32 / SLOTS as i32 };
        for line in &curve.trace.lines {
            for &(at, value) in
                line.iter().filter(|(at, _)| *at > figure.window.from && *at < figure.window.to)
            {
                let place = chart.backend_coord(&(figure.window.place(at), value));
                if place.0 - self.device(layout.across.start) >= free_from {
                    // The rim sets it off from a line that is a band of its own colour.
                    for (radius, rgb) in [(6, self.palette.ground), (4, rgb)] {
                        let corners = mark::corners(slot, self.device(radius), place);
                        self.area.draw(&Polygon::new(corners, colour(rgb).filled()))?;
                    }
                    if !few {
                        free_from = place.0 - self.device(layout.across.start) + apart;
                    }
                }
            }
        }
        Ok(())
    }

    /// Where the selected frame lies.
    fn mark(&self) -> Drawn {
        let Scene { figure, layout, marked, .. } = self.scene;
        let Some(at) = marked.filter(|at| figure.window.contains(*at)) else { return Ok(()) };
        let (Some(first), Some(last)) = (layout.down.first(), layout.down.last()) else { return Ok(()) };
        let x = self.x(figure.window.place(at));
        let (top, bottom) = (self.device(first.start), self.device(last.end));
        self.segment((x, top), (x, bottom), self.line(self.palette.selected, 2))?;
        let size = self.device(5);
        let tip = vec![(x - size, top - size), (x + size, top - size), (x, top + size / 2)];
        self.area.draw(&Polygon::new(tip, colour(self.palette.selected).filled()))
    }

    fn cursor(&self) -> Drawn {
        let Scene { figure, layout, cursor, .. } = self.scene;
        let Some((cursor, value)) = cursor else { return Ok(()) };
        let Some(curve) = figure.curve(cursor.key).filter(|_| figure.window.contains(cursor.at)) else {
            return Ok(());
        };
        let x = self.x(figure.window.place(cursor.at));
        for down in &layout.down {
            self.segment(
                (x, self.device(down.start)),
                (x, self.device(down.end)),
                self.line(self.palette.ink, 1),
            )?;
        }
        let Some(panel) = figure.panels.get(curve.panel) else { return Ok(()) };
        let y = (layout.pixel(curve.panel, panel, *value) * self.scene.scale).round() as i32;
        self.area.draw(&Circle::new((x, y), self.device(6), colour(self.palette.ground).filled()))?;
        self.area.draw(&Circle::new((x, y), self.device(5), self.thick(self.rgb(curve.chosen.slot))))
    }

    fn segment(&self, from: (i32, i32), to: (i32, i32), style: ShapeStyle) -> Drawn {
        self.area.draw(&PathElement::new([from, to], style))
    }

    fn text(&self, text: &str, place: (i32, i32), rgb: Rgb, anchor: Pos) -> Drawn {
        let size = 11.5 * self.scene.scale;
        let colour = colour(rgb);
        let style = TextStyle::from(("system-ui, sans-serif", size)).color(&colour).pos(anchor);
        self.area.draw(&Text::new(text, place, style))
    }

    fn line(&self, rgb: Rgb, width: i32) -> ShapeStyle {
        colour(rgb).stroke_width(self.device(width).max(1) as u32)
    }

    fn thick(&self, rgb: Rgb) -> ShapeStyle {
        colour(rgb).stroke_width((1.5 * self.scene.scale).round().max(1.0) as u32)
    }

    fn rgb(&self, slot: usize) -> Rgb {
        self.palette.slots.get(slot).copied().unwrap_or(self.palette.ink)
    }

    /// The device pixel of a place on the time axis.
    fn x(&self, place: f64) -> i32 {
        let x = f64::from(self.scene.layout.across.start) + place * self.scene.layout.width();
        (x * self.scene.scale).round() as i32
    }

    fn device(&self, pixels: i32) -> i32 {
        (f64::from(pixels) * self.scene.scale).round() as i32
    }
}

const fn colour((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}
