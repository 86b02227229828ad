//! What the map calls time, visitor and so on, each as one text.

use crate::engine::Dialect;
use crate::source::map::{Map, Part, Value};
use crate::source::select::place::Places;
use crate::source::select::{Step, rules};

/// The fields of a map.
pub(super) struct Fields<'a> {
    pub map: &'a Map,
    pub places: &'a Places,
    pub dialect: Dialect,
}

/// A column of the SELECT.
pub(super) struct Field {
    pub name: String,
    pub sql: String,
}

impl Fields<'_> {
    /// A column for each field that some file has: `f_time` and so on, those of rules, and what the rows have besides.
    pub fn named(&self) -> Step {
        let kept = self.places.own.iter().filter(|name| !name.starts_with("element_"));
        let mut fields: Vec<Field> = kept.map(|name| Field { name: name.clone(), sql: name.clone() }).collect();
        for (name, value) in self.map.columns.all() {
            if let Some(sql) = self.value(value) {
                fields.push(Field { name: format!("f_{name}"), sql });
            }
        }
        for (name, _, rule) in rules(self.map) {
            let sql = self.value(&Value(vec![Part::Path(rule.column.clone())]));
            fields.push(Field { name, sql: sql.unwrap_or_else(|| self.nothing()) });
        }
        if let Some(path) = &self.map.fill_by {
            let sql = self.places.text(path).unwrap_or_else(|| self.nothing());
            fields.push(Field { name: "fill_by".to_owned(), sql });
        }
        let list: Vec<String> = fields.iter().map(Field::sql).collect();
        let sql = format!("SELECT {} FROM ({}) AS places", list.join(", "), self.places.sql);
        Step { columns: fields.into_iter().map(|field| field.name).collect(), sql }
    }

    fn nothing(&self) -> String {
        format!("CAST(NULL AS {})", self.dialect.text_type())
    }

    /// The first part that is not empty.
    fn value(&self, value: &Value) -> Option<String> {
        let parts: Vec<String> = value.0.iter().filter_map(|part| self.part(part)).collect();
        match parts.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            several => Some(format!("COALESCE({})", several.join(", "))),
        }
    }

    fn part(&self, part: &Part) -> Option<String> {
        match part {
            Part::Path(path) => self.places.text(path).map(|sql| self.or_null(&sql)),
            Part::Text(text) => Some(self.dialect.text(text)),
            Part::Join(paths) => {
                let texts = paths.iter().map(|path| self.places.text(path).map(|sql| self.or_null(&sql)));
                let texts: Option<Vec<String>> = texts.collect();
                texts.map(|texts| format!("({})", texts.join(" || ' ' || ")))
            }
            Part::Extract { from, pattern } => {
                let sql = self.places.text(from)?;
                Some(self.or_null(&self.dialect.extract(&sql, pattern, 1)))
            }
        }
    }

    /// A text, or nothing where it says nothing.
    fn or_null(&self, sql: &str) -> String {
        if self.map.empty.is_empty() {
            return format!("NULLIF({sql}, '')");
        }
        let empty: String = self.map.empty.iter().map(|text| format!(", {}", self.dialect.text(text))).collect();
        format!("CASE WHEN {sql} IN (''{empty}) THEN NULL ELSE {sql} END")
    }
}
