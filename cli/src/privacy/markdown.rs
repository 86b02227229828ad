//! A page as Markdown.

use crate::document::{Block, Document, Piece, pieces};

/// The whole file.
pub fn markdown(document: &Document) -> String {
    let Document { title, lead, blocks } = document;
    let mut out = format!("# {}\n\n{}\n", inline(title), inline(lead));
    for part in blocks {
        out.push('\n');
        out.push_str(&block(part));
    }
    out
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(title) => format!("## {}\n", inline(title)),
        Block::Text(text) => format!("{}\n", inline(text)),
        Block::List(points) => points.iter().map(|point| format!("- {}\n", inline(point))).collect(),
        Block::Steps(points) => {
            points.iter().enumerate().map(|(at, point)| format!("{}. {}\n", at + 1, inline(point))).collect()
        }
        Block::Table { head, rows, .. } => {
            let mut out = row(head.iter().map(|cell| inline(cell)));
            out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
            rows.iter().for_each(|cells| out.push_str(&row(cells.iter().map(|cell| inline(cell)))));
            out
        }
        Block::Plot(_) => String::new(),
        Block::Code(lines) => format!("```text\n{lines}\n```\n"),
        Block::Quote(paragraphs) => {
            let lines: Vec<String> = paragraphs.iter().map(|text| format!("> {}\n", inline(text))).collect();
            lines.join(">\n")
        }
    }
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn inline(text: &str) -> String {
    pieces(text)
        .map(|piece| match piece {
            Piece::Code(code) => format!("`{code}`"),
            Piece::Words(words) => words.replace('<', "\\<"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_a_cell() {
        let rows = vec![vec!["`a|b`".to_owned(), "x | y <b>".to_owned()]];
        let table = Block::Table { caption: String::new(), head: &["one", "two"], rows };
        assert_eq!(block(&table), "| one | two |\n|---|---|\n| `a\\|b` | x \\| y \\<b> |\n");
    }
}
