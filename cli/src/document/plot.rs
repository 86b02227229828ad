//! Plots as SVG in a page, whose colours are the page's: light or dark.

use std::error::Error;

use plotters::coord::Shift;
use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::html::escaped;
use crate::ending::Ending;
use crate::figures::number;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 260;
/// The height of a row, and of what stands above and below all of them.
const ROW: u32 = 34;
const AROUND: u32 = 42;
/// Text is read at 0.6 of its size on a telephone, and plotters makes it smaller by a fifth.
const FONT: (&str, u32) = ("system-ui, sans-serif", 18);
/// Above the largest value there is some room.
const ROOM: f64 = 1.08;
/// As many names of bars fit below them.
const NAMES: usize = 8;

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    title: String,
    svg: String,
}

/// One row of a plot of intervals: its name, the estimate and the bounds of its interval.
pub type Row = (String, f64, [f64; 2]);

impl Plot {
    /// What it shows. Text.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// As an element of a page.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// One line through points, with the names of places on the horizontal axis. Both axes are from 0 to the largest
    /// value, or the horizontal one from the first point.
    ///
    /// # Errors
    ///
    /// When it cannot be drawn.
    pub fn line(title: &str, points: &[(f64, f64)], name: &dyn Fn(f64) -> String) -> Result<Plot, Ending> {
        Plot::drawn(title, HEIGHT, |root| {
            let (first, last) = ends(points.iter().map(|point| point.0));
            let highest = ends(points.iter().map(|point| point.1)).1;
            let mut chart =
                around(root).build_cartesian_2d(first..last.max(first + 1.0), 0.0..highest.max(1.0) * ROOM)?;
            chart
                .configure_mesh()
                .disable_x_mesh()
                .light_line_style(TRANSPARENT)
                .x_labels(3)
                .y_labels(5)
                .x_label_formatter(&|place| name(*place))
                .y_label_formatter(&|value| number(*value))
                .label_style(FONT)
                .draw()?;
            chart.draw_series(LineSeries::new(points.iter().copied(), BLUE.stroke_width(3)))?;
            // A line through one point is not seen.
            let alone = if points.len() == 1 { points } else { &[] };
            chart.draw_series(alone.iter().map(|point| Circle::new(*point, 5, BLUE.filled())))?;
            Ok(())
        })
    }

    /// Bars side by side for each name: one or two.
    ///
    /// # Errors
    ///
    /// When it cannot be drawn.
    pub fn bars(title: &str, bars: &[(String, Vec<f64>)]) -> Result<Plot, Ending> {
        Plot::drawn(title, HEIGHT, |root| {
            let highest = ends(bars.iter().flat_map(|(_, values)| values.iter().copied())).1;
            let count = u32::try_from(bars.len())?;
            let mut chart =
                around(root).build_cartesian_2d(0.0..f64::from(count.max(1)), 0.0..highest.max(1.0) * ROOM)?;
            chart
                .configure_mesh()
                .disable_mesh()
                .x_labels(0)
                .y_labels(5)
                .y_label_formatter(&|value| number(*value))
                .label_style(FONT)
                .draw()?;
            let style = TextStyle::from(FONT.into_font()).pos(Pos::new(HPos::Center, VPos::Top));
            let every = bars.len().div_ceil(NAMES).max(1);
            for (at, (name, _)) in (0_u32..).zip(bars).step_by(every) {
                let below = EmptyElement::at((f64::from(at) + 0.5, 0.0));
                chart.draw_series([below + Text::new(name.clone(), (0, 6), style.clone())])?;
            }
            for (at, (_, values)) in (0_u32..).zip(bars) {
                let width = 0.8 / f64::from(u32::try_from(values.len())?.max(1));
                for (place, (value, colour)) in (0_u32..).zip(values.iter().zip([BLUE, RED])) {
                    let left = f64::from(at) + 0.1 + width * f64::from(place);
                    let bar = Rectangle::new([(left, 0.0), (left + width, *value)], colour.filled());
                    chart.draw_series([bar])?;
                }
            }
            Ok(())
        })
    }

    /// An interval for each row, with its estimate; 0 is always part of the axis.
    ///
    /// # Errors
    ///
    /// When it cannot be drawn.
    pub fn intervals(title: &str, rows: &[Row]) -> Result<Plot, Ending> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX / ROW - AROUND);
        Plot::drawn(title, AROUND + ROW * count, |root| {
            let bounds = rows.iter().flat_map(|(_, estimate, [lower, upper])| [*estimate, *lower, *upper]);
            let (least, most) = ends(bounds.chain([0.0]));
            let room = 0.05 * (most - least).max(0.1);
            // Segments include the end of their range, which stays empty: a range of one is none.
            let mut chart = around(root)
                .y_label_area_size(120)
                .build_cartesian_2d((least - room)..(most + room), (0..count).into_segmented())?;
            // The first row stands on top.
            let place = |index: usize| u32::try_from(index).map(|index| count - 1 - index);
            chart
                .configure_mesh()
                .disable_y_mesh()
                .light_line_style(TRANSPARENT)
                .x_labels(7)
                .y_labels(rows.len() + 1)
                .y_label_formatter(&|segment| match segment {
                    SegmentValue::CenterOf(row) => {
                        let index = (count - 1).checked_sub(*row).and_then(|index| usize::try_from(index).ok());
                        index.and_then(|index| rows.get(index)).map(|(name, ..)| name.clone()).unwrap_or_default()
                    }
                    SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
                })
                .label_style(FONT)
                .draw()?;
            for (index, (_, estimate, [lower, upper])) in rows.iter().enumerate() {
                let row = || place(index).map(SegmentValue::CenterOf);
                chart.draw_series(LineSeries::new([(*lower, row()?), (*upper, row()?)], BLUE.stroke_width(3)))?;
                chart.draw_series([Circle::new((*estimate, row()?), 5, BLUE.filled())])?;
            }
            Ok(())
        })
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

impl Plot {
    fn drawn(
        title: &str,
        height: u32,
        draw: impl FnOnce(&Area<'_>) -> Result<(), Box<dyn Error>>,
    ) -> Result<Plot, Ending> {
        let mut svg = String::new();
        let drawn = {
            let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
            draw(&root).and_then(|()| Ok(root.present()?))
        };
        drawn.map_err(|error| Ending::Problems(format!("the plot cannot be drawn: {error}")))?;
        let described = format!(" role=\"img\">\n<title>{}</title>\n", escaped(title));
        Ok(Plot { title: title.to_owned(), svg: svg.replacen(">\n", &described, 1) })
    }
}

/// What stands around a plot.
fn around<'a, 'b>(root: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut chart = ChartBuilder::on(root);
    chart.margin(8).margin_right(28).x_label_area_size(26).y_label_area_size(72);
    chart
}

/// The least and the largest; 0 of none.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let ends = values.fold(None, |ends: Option<(f64, f64)>, value| {
        let (least, most) = ends.unwrap_or((value, value));
        Some((least.min(value), most.max(value)))
    });
    ends.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_has_a_name_that_is_text_whatever_is_in_it() {
        let plot = Plot::bars("<b> & co", &[("one".to_owned(), vec![1.0, 2.0])]).unwrap();
        let start = plot.svg().split("<title>").next().unwrap();
        assert!(start.ends_with("role=\"img\">\n"), "{start}");
        assert!(plot.svg().contains("<title>&lt;b&gt; &amp; co</title>") && !plot.svg().contains("<b>"));
    }

    #[test]
    fn whatever_is_plotted_is_drawn() {
        let name = |place: f64| place.to_string();
        for points in [&[][..], &[(3.0, 0.0)], &[(3.0, 5.0)], &[(0.0, 1.0), (1.0, 1e15)]] {
            let plot = Plot::line("a line", points, &name).unwrap();
            assert!(!plot.svg().contains("NaN") && !plot.svg().contains("inf"), "{points:?}");
        }
        for bars in [0, 1, 50] {
            let bars: Vec<(String, Vec<f64>)> = (0..bars).map(|bar| (bar.to_string(), vec![0.0])).collect();
            let plot = Plot::bars("bars", &bars).unwrap();
            assert!(!plot.svg().contains("NaN") && plot.svg().matches("<text").count() < 20, "{}", bars.len());
        }
    }

    #[test]
    fn what_is_plotted_twice_is_the_same() {
        let plot = || Plot::intervals("rows", &[("boots".to_owned(), 0.5, [0.25, 0.75])]).unwrap();
        assert_eq!(plot(), plot());
    }
}
