//! From the table as it was read to rows, one for each element, and where each path of the map is then found.

use std::collections::BTreeMap;

use crate::engine::{Dialect, Format};
use crate::source::SourceError;
use crate::source::files::{ColumnKind, Files};
use crate::source::map::{Map, Value};
use crate::source::path::{ColumnPath, Step};
use crate::source::select::RAW;

/// Where the paths of a map are found.
pub(super) struct Places {
    /// The table with a row for each element, as SQL.
    pub sql: String,
    /// Its columns besides those of the log: the file, the line, places in arrays.
    pub own: Vec<String>,
    /// The columns of the log: what each is called, by its name and whether its fields are looked into.
    columns: BTreeMap<(String, bool), String>,
    /// Whether rows are one JSON object each.
    is_object: bool,
    dialect: Dialect,
}

/// Which column of a flat file a path is about, and whether it goes on within it.
struct Target<'a> {
    column: &'a str,
    kind: Option<ColumnKind>,
    goes_on: bool,
}

fn target<'a>(path: &'a ColumnPath, files: &Files) -> Target<'a> {
    // A flat file may have a column of the path's very name, dots and all.
    let whole = files.heads.kind(path.written());
    let is_flat = files.format != Format::Ndjson;
    if is_flat && path.steps().len() > 1 && whole.is_some() && files.heads.names().next().is_some() {
        return Target { column: path.written(), kind: whole, goes_on: false };
    }
    Target { column: path.column(), kind: files.heads.kind(path.column()), goes_on: path.steps().len() > 1 }
}

impl Places {
    pub fn of(map: &Map, files: &Files, dialect: Dialect) -> Result<Places, SourceError> {
        require(map, files)?;
        let mut places =
            Places { sql: String::new(), own: Vec::new(), columns: BTreeMap::new(), is_object: false, dialect };
        match files.format {
            Format::Ndjson | Format::Json => places.read_objects(map),
            Format::Lines => places.read_lines(map)?,
            Format::Csv | Format::Parquet => places.read_columns(map, files),
        }
        places.repeat(map);
        Ok(places)
    }

    fn read_objects(&mut self, map: &Map) {
        self.is_object = true;
        self.own = ["tb_file", "line_read", "form"].map(str::to_owned).to_vec();
        let mut fields: Vec<String> = map.paths().map(|path| path.column().to_owned()).collect();
        fields.sort();
        fields.dedup();
        self.sql = self.dialect.pieces(RAW, &fields);
        let named = fields.into_iter().enumerate();
        self.columns = named.map(|(place, field)| ((field, true), format!("c_{place}"))).collect();
    }

    fn read_lines(&mut self, map: &Map) -> Result<(), SourceError> {
        let Some(lines) = &map.lines else {
            return Err(SourceError::NoPattern);
        };
        let found = self.dialect.groups("line", &lines.pattern, &lines.names);
        let mut list = Vec::new();
        for (place, (name, sql)) in lines.names.iter().zip(found).enumerate() {
            list.push(format!("{sql} AS c_{place}"));
            self.columns.insert((name.clone(), false), format!("c_{place}"));
        }
        self.own = ["tb_file", "line_read", "form"].map(str::to_owned).to_vec();
        let form = self.dialect.matches("line", &lines.pattern);
        self.sql = format!(
            "SELECT tb_file, line AS line_read, {form} AS form, {} FROM {RAW} WHERE line <> ''",
            list.join(", ")
        );
        Ok(())
    }

    fn read_columns(&mut self, map: &Map, files: &Files) {
        let mut list = vec!["tb_file".to_owned()];
        for path in map.paths() {
            let Target { column, kind, goes_on } = target(path, files);
            let key = (column.to_owned(), goes_on);
            let Some(kind) = kind.filter(|_| !self.columns.contains_key(&key)) else { continue };
            let name = self.dialect.name(column);
            let sql = match (kind, goes_on, files.format) {
                (ColumnKind::Nested, true, _) => self.dialect.to_json(&name),
                (_, true, _) => self.dialect.json_or_null(&name),
                (_, false, Format::Csv) => name,
                (_, false, _) => format!("CAST({name} AS {})", self.dialect.text_type()),
            };
            let own = format!("c_{}", self.columns.len());
            list.push(format!("{sql} AS {own}"));
            self.columns.insert(key, own);
        }
        self.own = vec!["tb_file".to_owned()];
        self.sql = format!("SELECT {} FROM {RAW}", list.join(", "));
    }

    /// Arrays become rows, the outer one first.
    fn repeat(&mut self, map: &Map) {
        let Some(longest) = map.repeated() else { return };
        let steps = longest.steps();
        let ends: Vec<usize> = (0..steps.len()).filter(|place| steps.get(*place) == Some(&Step::Each)).collect();
        let mut start = 0;
        for (level, end) in ends.into_iter().enumerate() {
            let own = steps.get(start..end).unwrap_or_default();
            let list = match level {
                0 => self.columns.get(&(longest.column().to_owned(), true)).map_or_else(
                    || format!("CAST(NULL AS {})", self.dialect.text_list_type()),
                    |column| self.dialect.json_list(column, own.get(1..).unwrap_or_default()),
                ),
                _ => self.dialect.json_list(&format!("element_{}", level - 1), own),
            };
            let kept: Vec<String> = self.own.iter().chain(self.columns.values()).cloned().collect();
            let (element, place) = (format!("element_{level}"), format!("place_{level}"));
            self.sql =
                self.dialect.rows_of(&format!("({}) AS outer_{level}", self.sql), &kept, &list, &element, &place);
            self.own.extend([element, place]);
            start = end + 1;
        }
    }

    /// What stands at a path, as text; `None` where no file has the column.
    pub fn text(&self, path: &ColumnPath) -> Option<String> {
        let level = path.steps().iter().filter(|step| **step == Step::Each).count();
        if level > 0 {
            let rest = path.steps().get(path.repeated()..).unwrap_or_default();
            return Some(self.dialect.json_text(&format!("element_{}", level - 1), rest));
        }
        if self.is_object && path.steps().len() == 1 {
            return self.columns.get(&(path.column().to_owned(), true)).map(|piece| self.dialect.piece_text(piece));
        }
        if let Some(column) = self.columns.get(&(path.written().to_owned(), false)) {
            return Some(column.clone());
        }
        if path.steps().len() == 1 {
            return self.columns.get(&(path.column().to_owned(), false)).cloned();
        }
        let column = self.columns.get(&(path.column().to_owned(), true))?;
        Some(self.dialect.json_text(column, path.steps().get(1..).unwrap_or_default()))
    }
}

/// That the files have the columns without which nothing can be made of them.
fn require(map: &Map, files: &Files) -> Result<(), SourceError> {
    let has = |path: &ColumnPath| match &map.lines {
        Some(lines) => lines.names.iter().any(|name| name == path.written()),
        None => target(path, files).kind.is_some(),
    };
    let gives = |value: &Value| value.is_constant() || value.0.iter().any(|part| part.paths().iter().all(has));
    let missing = |name: &'static str, value: &Value| {
        let path = value.paths().next().map(|path| path.written().to_owned()).unwrap_or_default();
        SourceError::Column { name, nearest: files.heads.nearest(&path).map(str::to_owned), path }
    };
    let columns = &map.columns;
    let always =
        [("time", Some(&columns.time)), ("visitor", columns.visitor.as_ref()), ("event", columns.event.as_ref())];
    let counts = ("visitors", columns.visitors.as_ref());
    for (name, value) in always.into_iter().chain([counts]) {
        if let Some(value) = value
            && !gives(value)
        {
            return Err(missing(name, value));
        }
    }
    let seen = [("item", &columns.item), ("page", &columns.page)];
    if seen.iter().all(|(_, value)| !value.as_ref().is_some_and(gives)) {
        let first = seen.into_iter().find_map(|(name, value)| value.as_ref().map(|value| (name, value)));
        return first.map_or(Ok(()), |(name, value)| Err(missing(name, value)));
    }
    for (_, _, rule) in super::rules(map) {
        if !has(&rule.column) {
            let path = rule.column.written().to_owned();
            let nearest = files.heads.nearest(&path).map(str::to_owned);
            return Err(SourceError::Column { name: "a rule", nearest, path });
        }
    }
    Ok(())
}

/// The columns of the map that no file has, which then say nothing: for people.
pub fn absent<'a>(map: &'a Map, files: &'a Files) -> impl Iterator<Item = &'a ColumnPath> {
    let is_flat = matches!(files.format, Format::Csv | Format::Parquet);
    map.paths().filter(move |path| is_flat && target(path, files).kind.is_none())
}
