//! What results look like in a terminal: tables and colours.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, Table, presets};

pub use comfy_table::CellAlignment::{Left, Right};

/// The head of a table, and the name of what follows.
pub const HEADING: Style = Style::new().bold();
/// What went wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What wants attention.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What is as it should be.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Text in a style. `print` and `complain` take the escape codes out where they are not understood.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A table with aligned columns, indented by two spaces, each line ended.
pub fn table<const N: usize>(
    head: Option<[&str; N]>,
    alignments: [CellAlignment; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(head) = head {
        table.set_header(head);
    }
    table.add_rows(rows);
    for (place, (column, alignment)) in table.column_iter_mut().zip(alignments).enumerate() {
        column.set_padding((if place == 0 { 2 } else { 1 }, 1));
        column.set_cell_alignment(alignment);
    }
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    if head.is_some()
        && let Some(first) = lines.first_mut()
    {
        *first = paint(HEADING, &first);
    }
    lines.push(String::new());
    lines.join("\n")
}
