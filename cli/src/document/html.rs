//! A page as one HTML file: no script, nothing to load, light and dark, readable at 320 pixels and on paper.

use super::{Block, Document, Piece, pieces};

const STYLE: &str = include_str!("page.css");
/// Only where there are plots.
const PLOT_STYLE: &str = include_str!("plot.css");

/// The whole file.
pub fn html(document: &Document) -> String {
    let Document { title, lead, blocks } = document;
    let sections = sections(blocks);
    let links: String = sections
        .iter()
        .map(|section| format!("<li><a href=\"#{}\">{}</a></li>\n", section.id, inline(section.title)))
        .collect();
    let body: String = sections
        .iter()
        .map(|Section { id, title, blocks }| {
            let parts: String = blocks.iter().map(|part| block(part)).collect();
            format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{parts}</section>\n", inline(title))
        })
        .collect();
    let has_plots = blocks.iter().any(|block| matches!(block, Block::Plot(_)));
    let plots = if has_plots { PLOT_STYLE } else { "" };
    let plain: String = title.replace('`', "");
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>{}</title>
<style>
{STYLE}{plots}</style>
</head>
<body>
<header>
<h1>{}</h1>
<p>{}</p>
</header>
<nav aria-label=\"Contents\">
<ol>
{links}</ol>
</nav>
<main>
{body}</main>
</body>
</html>
",
        escaped(&plain),
        inline(title),
        inline(lead)
    )
}

/// A heading with what stands below it.
struct Section<'a> {
    id: String,
    title: &'a str,
    blocks: Vec<&'a Block>,
}

fn sections(blocks: &[Block]) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for block in blocks {
        if let Block::Heading(title) = block {
            let id = title.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
            let is_taken = |id: &String| sections.iter().any(|section| section.id == *id);
            let numbered = (2..).map(|number| format!("{id}-{number}"));
            let id = std::iter::once(id.clone()).chain(numbered).find(|id| !is_taken(id)).unwrap_or_default();
            sections.push(Section { id, title, blocks: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.blocks.push(block);
        }
    }
    sections
}

fn block(block: &Block) -> String {
    let items =
        |points: &[String]| -> String { points.iter().map(|point| format!("<li>{}</li>\n", inline(point))).collect() };
    match block {
        Block::Heading(title) => format!("<h2>{}</h2>\n", inline(title)),
        Block::Text(text) => format!("<p>{}</p>\n", inline(text)),
        Block::List(points) => format!("<ul>\n{}</ul>\n", items(points)),
        Block::Steps(points) => format!("<ol>\n{}</ol>\n", items(points)),
        Block::Code(lines) => format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(lines)),
        Block::Quote(paragraphs) => {
            let texts: String = paragraphs.iter().map(|text| format!("<p>{}</p>\n", inline(text))).collect();
            format!("<blockquote>\n{texts}</blockquote>\n")
        }
        Block::Table { caption, head, rows } => table(caption, head, rows),
        Block::Plot(plot) => {
            format!("<figure>\n<figcaption>{}</figcaption>\n{}</figure>\n", escaped(plot.title()), plot.svg())
        }
    }
}

/// A table of more columns is readable only where it is wide.
const WIDE: usize = 3;

/// A table in a region of its own, which scrolls where the window is narrow: the page itself never does.
fn table(caption: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let is_wide = head.len() > WIDE;
    let head: String = head.iter().map(|cell| format!("<th scope=\"col\">{}</th>", inline(cell))).collect();
    let row = |cells: &Vec<String>| -> String {
        let cells = cells.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("<th scope=\"row\">{}</th>", inline(cell)),
            _ => format!("<td>{}</td>", inline(cell)),
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    let (caption, wide) = (escaped(caption), if is_wide { " wide" } else { "" });
    format!(
        "<div class=\"table{wide}\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table>\n\
         <caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

fn inline(text: &str) -> String {
    pieces(text)
        .map(|piece| match piece {
            Piece::Code(code) => format!("<code>{}</code>", escaped(code)),
            Piece::Words(words) => escaped(words),
        })
        .collect()
}

/// Text within HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_are_alike_are_still_told_apart_by_links() {
        let blocks = ["One!", "one?", "`One-2`"].map(|title| Block::Heading(title.to_owned()));
        let ids: Vec<String> = sections(&blocks).into_iter().map(|section| section.id).collect();
        assert_eq!(ids, ["one-", "one--2", "-one-2-"]);
    }

    #[test]
    fn what_a_config_says_is_text_and_never_markup() {
        let rows = vec![vec!["`<script>`".to_owned(), "\"&\"".to_owned()]];
        let made = block(&Block::Table { caption: "A \"b\"".to_owned(), head: &["one", "two"], rows });
        assert!(
            made.contains("<th scope=\"row\"><code>&lt;script&gt;</code></th><td>&quot;&amp;&quot;</td>"),
            "{made}"
        );
        assert!(made.contains("aria-label=\"A &quot;b&quot;\""), "{made}");
    }
}
