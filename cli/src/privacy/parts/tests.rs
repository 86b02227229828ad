//! The map against the engine's own types, read from their source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use syn::{Fields, Item, Type};

use super::{of_journal, of_profile};

/// The files that say what is stored.
const SOURCES: [&str; 4] = ["src/state.rs", "src/profile", "src/measurement", "src/signal/event.rs"];

/// What is stored, from the top.
const ROOTS: [&str; 2] = ["state.State", "journal.Journal"];

/// Fields of a journal that live in memory only: `Journal::encode` writes the seed and the entries.
const IN_MEMORY: [&str; 6] = [
    "journal.Journal.length",
    "journal.Journal.fold_due_at",
    "journal.Journal.unsaved",
    "journal.Journal.starts_text",
    "journal.Journal.begun",
    "journal.Journal.truncated",
];

/// The fields of one type, each with the names of the types in it.
type Shape = Vec<(String, BTreeSet<String>)>;

struct Idents(BTreeSet<String>);

impl<'ast> Visit<'ast> for Idents {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        self.0.insert(segment.ident.to_string());
        syn::visit::visit_path_segment(self, segment);
    }
}

fn types_in(kind: &Type) -> BTreeSet<String> {
    let mut idents = Idents(BTreeSet::new());
    idents.visit_type(kind);
    idents.0
}

fn fields_of(fields: &Fields) -> Shape {
    let named = |(at, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
        (name, types_in(&field.ty))
    };
    fields.iter().enumerate().map(named).collect()
}

/// The structs of a file, and its enums that hold something, by name. An enum that only says which is a value.
fn shapes(source: &str) -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::new();
    for item in syn::parse_file(source).unwrap().items {
        match item {
            Item::Struct(kind) => {
                shapes.insert(kind.ident.to_string(), fields_of(&kind.fields));
            }
            Item::Enum(kind) if kind.variants.iter().any(|variant| !variant.fields.is_empty()) => {
                let variant = |variant: &syn::Variant| {
                    let held = fields_of(&variant.fields).into_iter().flat_map(|(_, kinds)| kinds).collect();
                    (variant.ident.to_string(), held)
                };
                shapes.insert(kind.ident.to_string(), kind.variants.iter().map(variant).collect());
            }
            _ => {}
        }
    }
    shapes
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let is_rust = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
    entries.into_iter().filter(is_rust).flat_map(|path| rust_files(&path)).collect()
}

/// Every type of the sources, by module and name.
fn all_shapes() -> BTreeMap<String, Shape> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all = BTreeMap::new();
    for source in SOURCES {
        // `src/profile.rs` stands beside `src/profile`.
        let beside = root.join(format!("{source}.rs"));
        let files = rust_files(&root.join(source)).into_iter().chain(beside.is_file().then_some(beside));
        for file in files.filter(|file| !file.ends_with("tests.rs")) {
            let module = file.file_stem().unwrap().to_string_lossy().into_owned();
            for (name, shape) in shapes(&fs::read_to_string(&file).unwrap()) {
                let known = all.insert(format!("{module}.{name}"), shape);
                assert!(known.is_none(), "two modules called {module} have a type {name}");
            }
        }
    }
    all
}

/// Every field that is stored below `roots`: `module.Type.field`.
fn stored(all: &BTreeMap<String, Shape>, roots: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut done = BTreeSet::new();
    let mut waiting: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    while let Some(name) = waiting.pop() {
        if !done.insert(name.clone()) {
            continue;
        }
        let module = name.split('.').next().unwrap();
        for (field, kinds) in all.get(&name).unwrap_or_else(|| panic!("there is no {name}")) {
            let field = format!("{name}.{field}");
            if IN_MEMORY.contains(&field.as_str()) {
                continue;
            }
            for kind in kinds {
                let own = format!("{module}.{kind}");
                let others: Vec<&String> = all.keys().filter(|key| key.ends_with(&format!(".{kind}"))).collect();
                match (all.contains_key(&own), others.as_slice()) {
                    (true, _) => waiting.push(own),
                    (false, []) => {}
                    (false, [other]) => waiting.push((*other).clone()),
                    (false, _) => panic!("{field} may be any of {others:?}"),
                }
            }
            found.insert(field);
        }
    }
    found
}

#[test]
fn every_field_that_is_stored_is_part_of_the_map_and_nothing_else_is() {
    let stored = stored(&all_shapes(), &ROOTS);
    let described: Vec<String> =
        of_profile().chain(of_journal()).flat_map(|part| part.fields).map(|field| (*field).to_owned()).collect();
    let set: BTreeSet<String> = described.iter().cloned().collect();
    assert_eq!(set.len(), described.len(), "a field stands in two parts");
    let missing: Vec<&String> = stored.difference(&set).collect();
    assert!(missing.is_empty(), "stored, and in no part of cli/src/privacy/parts: {missing:#?}");
    let gone: Vec<&String> = set.difference(&stored).collect();
    assert!(gone.is_empty(), "in the map, and not stored any more: {gone:#?}");
}

#[test]
fn a_field_that_is_added_anywhere_is_noticed() {
    let of = |source: &str| {
        let shapes = shapes(source).into_iter().map(|(name, shape)| (format!("m.{name}"), shape)).collect();
        stored(&shapes, &["m.State"]).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(of("struct State { a: u8 }"), ["m.State.a"]);
    assert_eq!(of("struct State { a: Vec<Row> } struct Row { b: u8 }"), ["m.Row.b", "m.State.a"]);
    assert_eq!(
        of("struct State(Kind); enum Kind { One, Two(Held) } struct Held { c: u8 }"),
        ["m.Held.c", "m.Kind.One", "m.Kind.Two", "m.State.0"]
    );
    assert_eq!(of("struct State { a: Which } enum Which { One, Two }"), ["m.State.a"], "a value has no parts");
}
