//! Which areas of a site a visitor will see, from those seen so far, whatever their order.
//!
//! A score is a sum of weights, one for each area that was seen and one for what everybody sees:
//! score(j) = B(0, j) + sum of B(i, j) over the areas i that were seen. So an answer tells what it is made of.
//!
//! Source: Steck (2019), "Embarrassingly shallow autoencoders for sparse data", WWW, section 2, with one more column
//! that is 1 for every visitor. That column is ours: it keeps apart what is common from what belongs together.

pub mod learn;

use crate::bytes::ByteReader;

/// The most areas of a model. It bounds the time of learning, which grows with their cube, and what an answer
/// allocates.
pub const MOST_AREAS: usize = 512;

/// The weights in a row are whole numbers of one unit, which is stored in so many parts of 1.
const UNITS: f64 = 1_048_576.0;

/// A model of the areas of a site: the section of kind [`Areas`](crate::model_file::Kind::Areas).
///
/// Areas are numbered by how many visitors saw them, the most frequent first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Areas<'a> {
    count: u32,
    /// The names of all areas.
    names: &'a [u8],
    /// The row of everybody, and one an area.
    rows: &'a [u8],
}

/// An area that a visitor has not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseen {
    /// Its number.
    pub area: u32,
    /// How likely it is seen, for comparison with others: near 0 for hardly ever, near 1 for always. It may lie outside
    /// of that range, because it is no probability.
    pub score: f64,
    /// The areas that raised the score and by how much, the largest first.
    pub because: Vec<(u32, f64)>,
}

impl<'a> Areas<'a> {
    /// Reads a section; `None` where it is none.
    pub fn read(bytes: &'a [u8]) -> Option<Areas<'a>> {
        let mut reader = ByteReader(bytes);
        let count = reader.varint().filter(|count| usize::try_from(*count).is_ok_and(|count| count <= MOST_AREAS))?;
        let names = reader.0;
        for _ in 0..count {
            reader.text()?;
        }
        let names = names.get(..names.len() - reader.0.len())?;
        let rows = reader.0;
        for _ in 0..=count {
            let mut row = Row::read(&mut reader)?;
            let length = row.left;
            let sound = row.by_ref().take_while(|(area, _)| *area < count).count();
            if u32::try_from(sound) != Ok(length) {
                return None;
            }
            reader = row.reader;
        }
        reader.0.is_empty().then_some(Areas { count, names, rows })
    }

    /// How many areas it knows. Their numbers are those below.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The names of all areas, by number.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut reader = ByteReader(self.names);
        std::iter::from_fn(move || reader.text())
    }

    /// The number of an area.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.names().zip(0..).find(|(known, _)| *known == name).map(|(_, number)| number)
    }

    /// The areas that a visitor has not seen, the likeliest first, of equal ones the more frequent; at most this many.
    /// Unknown numbers among the seen ones say nothing.
    pub fn unseen(&self, seen: &[u32], most: usize) -> Vec<Unseen> {
        let mut all: Vec<Unseen> =
            (0..self.count).map(|area| Unseen { area, score: 0.0, because: Vec::new() }).collect();
        for (row, weights) in self.rows() {
            if row.is_some_and(|area| !seen.contains(&area)) {
                continue;
            }
            for (area, weight) in weights {
                if let Some(unseen) = usize::try_from(area).ok().and_then(|place| all.get_mut(place)) {
                    unseen.score += weight;
                    unseen.because.extend(row.filter(|_| weight > 0.0).map(|area| (area, weight)));
                }
            }
        }
        all.retain(|unseen| !seen.contains(&unseen.area));
        all.sort_unstable_by(|one, other| other.score.total_cmp(&one.score).then(one.area.cmp(&other.area)));
        all.truncate(most);
        for unseen in &mut all {
            unseen.because.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        }
        all
    }

    /// The row of everybody, without a number, and then that of each area.
    fn rows(&self) -> impl Iterator<Item = (Option<u32>, Row<'a>)> + use<'a> {
        let mut reader = ByteReader(self.rows);
        let numbers = std::iter::once(None).chain((0..self.count).map(Some));
        numbers.map_while(move |number| {
            let row = Row::read(&mut reader)?;
            let mut weights = row.clone();
            weights.by_ref().for_each(drop);
            reader = weights.reader;
            Some((number, row))
        })
    }
}

/// The weights of one row, by the area that they raise or lower.
#[derive(Clone)]
struct Row<'a> {
    reader: ByteReader<'a>,
    /// What a weight of 1 means.
    unit: f64,
    left: u32,
    /// The least area that the next weight can be of.
    next: u32,
}

impl<'a> Row<'a> {
    /// The head of a row: how many weights there are, and their unit.
    fn read(reader: &mut ByteReader<'a>) -> Option<Row<'a>> {
        let left = reader.varint()?;
        let unit = if left == 0 { 0.0 } else { f64::from(reader.varint()?) / UNITS };
        Some(Row { reader: *reader, unit, left, next: 0 })
    }
}

impl Iterator for Row<'_> {
    type Item = (u32, f64);

    fn next(&mut self) -> Option<(u32, f64)> {
        self.left = self.left.checked_sub(1)?;
        let area = self.next.checked_add(self.reader.varint()?)?;
        let weight = i8::from_le_bytes([self.reader.byte()?]);
        self.next = area.checked_add(1)?;
        Some((area, f64::from(weight) * self.unit))
    }
}

#[cfg(test)]
mod tests;
