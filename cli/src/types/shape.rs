//! The type that holds a set of values.

use tailorbird::value::{Object, Value};

use super::literal::{literal, new_line, property, union};

/// The most texts in a union of literals; with more, the type is `string`.
const MOST: usize = 100;
/// The longest text in such a union, in characters.
const LONGEST: usize = 100;

/// What occurs among some values, and within them.
#[derive(Debug, Default)]
pub struct Shape {
    null: bool,
    boolean: bool,
    number: bool,
    /// Texts for a union of literals, in the order of their occurrence.
    texts: Vec<String>,
    /// Whether the type of texts is `string`.
    any_text: bool,
    /// The items of lists.
    items: Option<Box<Shape>>,
    fields: Option<Fields>,
    /// Whether these are the items of a list.
    listed: bool,
}

/// The properties of some objects.
#[derive(Debug, Default)]
struct Fields {
    /// How many objects there are.
    objects: usize,
    list: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    name: String,
    /// How many of the objects have it.
    count: usize,
    shape: Shape,
}

impl Shape {
    fn new(listed: bool) -> Shape {
        Shape { listed, ..Shape::default() }
    }

    /// Widens the type by a value.
    pub fn take_in(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Cut => self.null = true,
            // Not only the one that occurs: a switch that is off everywhere today is there to be turned on.
            Value::Bool(_) => self.boolean = true,
            Value::Number(_) => self.number = true,
            Value::Text(text) => self.take_in_text(text),
            Value::List(items) => {
                let within = self.items.get_or_insert_with(|| Box::new(Shape::new(true)));
                items.iter().for_each(|item| within.take_in(item));
            }
            Value::Object(object) => self.fields.get_or_insert_default().take_in(object, self.listed),
        }
    }

    fn take_in_text(&mut self, text: &str) {
        if self.texts.iter().any(|known| known == text) {
            return;
        }
        // Lists hold data, not a choice: nobody could ask a list of literals whether it includes some text.
        self.any_text |= self.listed || self.texts.len() == MOST || text.chars().count() > LONGEST;
        if !self.any_text {
            self.texts.push(text.to_owned());
        }
    }

    /// The type as TypeScript writes it, at this level of indentation.
    pub fn text(&self, level: usize) -> String {
        let plain = [(self.any_text, "string"), (self.number, "number"), (self.boolean, "boolean")];
        let told_apart = self.texts.iter().filter(|_| !self.any_text).map(|text| literal(text));
        let mut members: Vec<String> = told_apart.collect();
        members.extend(plain.iter().filter(|(occurs, _)| *occurs).map(|(_, name)| (*name).to_owned()));
        if let Some(items) = &self.items {
            let item = items.text(level);
            members.push(if items.is_union() { format!("readonly ({item})[]") } else { format!("readonly {item}[]") });
        }
        members.extend(self.fields.as_ref().map(|fields| fields.text(level)));
        if self.null {
            members.push("null".to_owned());
        }
        // Of lists that are all empty, nothing is known of what they will hold.
        if members.is_empty() { "Json".to_owned() } else { union(&members, level) }
    }

    /// How many types of TypeScript there are, is more than one.
    fn is_union(&self) -> bool {
        let texts = if self.any_text { 1 } else { self.texts.len() };
        let others = [self.number, self.boolean, self.items.is_some(), self.fields.is_some(), self.null];
        texts + others.iter().filter(|occurs| **occurs).count() > 1
    }
}

impl Fields {
    fn take_in(&mut self, object: &Object, listed: bool) {
        self.objects += 1;
        // What the engine hands out never has this name: assigning it would change a prototype.
        for (name, value) in object.iter().filter(|(name, _)| *name != "__proto__") {
            let place = self.list.iter().position(|field| field.name == name).unwrap_or(self.list.len());
            if place == self.list.len() {
                self.list.push(Field { name: name.to_owned(), count: 0, shape: Shape::new(listed) });
            }
            if let Some(field) = self.list.get_mut(place) {
                field.count += 1;
                field.shape.take_in(value);
            }
        }
    }

    fn text(&self, level: usize) -> String {
        if self.list.is_empty() {
            return "{ readonly [key: string]: never }".to_owned();
        }
        let line = |field: &Field| {
            let sometimes = if field.count < self.objects { "?" } else { "" };
            let kind = field.shape.text(level + 1);
            property(&format!("readonly {}{sometimes}", literal(&field.name)), &kind, level)
        };
        format!("{{{}{}}}", self.list.iter().map(line).collect::<String>(), new_line(level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(values: &str) -> String {
        let values: Vec<Value> = serde_json::from_str(values).unwrap();
        let mut shape = Shape::default();
        values.iter().for_each(|value| shape.take_in(value));
        shape.text(0)
    }

    #[test]
    fn the_type_holds_every_value_and_little_else() {
        let cases = [
            (r#"["b", "a", "b"]"#, r#""b" | "a""#, "texts once each, in the config's order"),
            ("[false]", "boolean", "a switch can be turned on"),
            ("[1, 2.5]", "number", "numbers are measured, not chosen"),
            (r#"[null, 1, "a", true]"#, r#""a" | number | boolean | null"#, "of each kind"),
            ("[null]", "null", "nothing else"),
            ("[[], []]", "readonly Json[]", "nothing is known of the items"),
            (r#"[["a"], ["b", 1]]"#, "readonly (string | number)[]", "texts of lists are data"),
            (r#"[["a"], null]"#, "readonly string[] | null", "one type of item"),
            ("[[[1]]]", "readonly readonly number[][]", "lists of lists"),
            ("[{}]", "{ readonly [key: string]: never }", "an empty object"),
            (
                r#"[{"a": "x", "b": 1}, {"a": "y"}]"#,
                "{\n  readonly \"a\": \"x\" | \"y\";\n  readonly \"b\"?: number;\n}",
                "what is not in all is optional",
            ),
            (
                r#"[[{"a": "x"}]]"#,
                "readonly {\n  readonly \"a\": string;\n}[]",
                "texts of objects in lists are data as well",
            ),
            (
                r#"[{"a": {"b": null}}, {"a": {"b": 1}}]"#,
                "{\n  readonly \"a\": {\n    readonly \"b\": number | null;\n  };\n}",
                "objects in objects",
            ),
            (r#"[{"__proto__": 1, "a": 1}]"#, "{\n  readonly \"a\": number;\n}", "never handed out"),
        ];
        for (values, expected, why) in cases {
            assert_eq!(text(values), expected, "{why}: {values}");
        }
    }

    #[test]
    fn texts_that_are_long_or_many_are_not_told_apart() {
        let texts = |count: usize| {
            let texts: Vec<Value> = (0..count).map(|place| Value::from(format!("{place}"))).collect();
            text(&serde_json::to_string(&texts).unwrap())
        };
        assert_eq!(texts(MOST).split('|').count() - 1, MOST);
        assert_eq!(texts(MOST + 1), "string");
        let long = |length: usize| text(&format!(r#"["a", "{}", null]"#, "ä".repeat(length)));
        assert!(long(LONGEST).starts_with("\n  | \"a\"\n  | \"ää"));
        assert_eq!(long(LONGEST + 1), "string | null");
    }
}
