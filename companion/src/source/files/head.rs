//! The columns that files have, read before an engine is started: what is missing is said at once, and by name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::Type;

use crate::engine::Format;
use crate::source::SourceError;

/// The longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;

/// The columns of all files together. Not known for JSON and lines, which may have any, nor for files that only the
/// engine can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    columns: Option<BTreeMap<String, ColumnKind>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A text, which may be that of a JSON object.
    Text,
    /// A number, a truth or a time.
    Scalar,
    /// Fields or elements.
    Nested,
}

impl Heads {
    /// Any columns.
    pub fn unknown() -> Heads {
        Heads { columns: None }
    }

    /// Reads the heads of all files.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub fn of(paths: &[PathBuf], format: Format) -> Result<Heads, SourceError> {
        let mut columns = BTreeMap::new();
        for path in paths {
            let refused = |why: String| SourceError::File { path: path.clone(), why };
            match format {
                Format::Csv => {
                    let names = header(path).map_err(refused)?;
                    columns.extend(names.into_iter().map(|name| (name, ColumnKind::Text)));
                }
                Format::Parquet => {
                    columns.extend(schema(path).map_err(refused)?);
                    columns.extend(partitions(path));
                }
                Format::Ndjson | Format::Json => objects(path).map_err(refused)?,
                Format::Lines => {}
            }
        }
        let known = matches!(format, Format::Csv | Format::Parquet);
        Ok(Heads { columns: known.then_some(columns) })
    }

    /// What a column holds: a text where columns are not known, `None` where there is no such column.
    pub fn kind(&self, column: &str) -> Option<ColumnKind> {
        match &self.columns {
            Some(columns) => columns.get(column).copied(),
            None => Some(ColumnKind::Text),
        }
    }

    /// The names of the columns, in their order; none where they are not known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The column whose name is most like this one.
    pub fn nearest(&self, column: &str) -> Option<&str> {
        let distance = |name: &&str| strsim::levenshtein(&name.to_ascii_lowercase(), &column.to_ascii_lowercase());
        self.names().min_by_key(distance)
    }
}

/// Opens a file, and what is compressed in it.
pub(crate) fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let file = File::open(path)?;
    let is_compressed = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    Ok(if is_compressed { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(BufReader::new(file)) })
}

fn header(path: &Path) -> Result<Vec<String>, String> {
    let file = open(path).map_err(|error| error.to_string())?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file.take(LONGEST_HEADER));
    let mut record = csv::StringRecord::new();
    let is_there = reader.read_record(&mut record).map_err(|error| format!("its header cannot be read: {error}"))?;
    let mut names: Vec<String> = record.iter().map(str::to_owned).collect();
    if let Some(first) = names.first_mut() {
        *first = first.trim_start_matches('\u{feff}').to_owned();
    }
    if !is_there || names.iter().all(String::is_empty) {
        return Err("is empty, expected a header".to_owned());
    }
    if let [only] = names.as_slice()
        && only.contains([';', '\t'])
    {
        return Err("has no commas between its columns, expected commas".to_owned());
    }
    Ok(names)
}

/// Tells an object a line from one array of all, which is how some tools answer.
fn objects(path: &Path) -> Result<(), String> {
    let file = open(path).map_err(|error| error.to_string())?;
    let first = file.bytes().find(|byte| !byte.as_ref().is_ok_and(u8::is_ascii_whitespace));
    match first {
        Some(Err(error)) => Err(error.to_string()),
        Some(Ok(b'[')) => Err("is one JSON array, expected an object a line: `jq -c '.[]'` makes it so".to_owned()),
        _ => Ok(()),
    }
}

fn schema(path: &Path) -> Result<Vec<(String, ColumnKind)>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let reader = SerializedFileReader::new(file).map_err(|error| format!("is not Parquet: {error}"))?;
    let fields = reader.metadata().file_metadata().schema_descr().root_schema().get_fields();
    Ok(fields.iter().map(|field| (field.name().to_owned(), kind(field))).collect())
}

fn kind(field: &Type) -> ColumnKind {
    let info = field.get_basic_info();
    if field.is_group() {
        return ColumnKind::Nested;
    }
    let is_text = match info.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => true,
        Some(_) => false,
        None => matches!(info.converted_type(), ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON),
    };
    if is_text || field.get_physical_type() == Physical::BYTE_ARRAY { ColumnKind::Text } else { ColumnKind::Scalar }
}

/// Columns that folders are named after: `day=2026-11-29`.
fn partitions(path: &Path) -> Vec<(String, ColumnKind)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let named = folders.filter_map(|part| part.as_os_str().to_str()?.split_once('='));
    named.map(|(name, _)| (name.to_owned(), ColumnKind::Scalar)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    #[test]
    fn a_header_is_read_with_its_quotes_and_its_byte_order_mark() {
        let (_folder, path) = file("a.csv", b"\xEF\xBB\xBFid,\"Created at\",\"a,b\"\n1,2,3\n");
        assert_eq!(header(&path).unwrap(), ["id", "Created at", "a,b"]);
    }

    #[test]
    fn a_compressed_header_is_read() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"id,t\n1,2\n").unwrap();
        let (_folder, path) = file("a.csv.gz", &packed.finish().unwrap());
        assert_eq!(header(&path).unwrap(), ["id", "t"]);
    }

    #[test]
    fn what_is_no_header_and_no_list_of_objects_is_refused() {
        let (_one, empty) = file("a.csv", b"");
        let (_two, semicolons) = file("b.csv", b"id;time\n");
        let (_three, array) = file("c.json", b" \n[{}]");
        assert!(header(&empty).unwrap_err().contains("is empty"));
        assert!(header(&semicolons).unwrap_err().contains("expected commas"));
        assert!(objects(&array).unwrap_err().contains("expected an object a line"));
    }

    #[test]
    fn folders_of_partitions_are_columns() {
        let path = Path::new("/logs/day=2026-11-29/shop=de/part-0.parquet");
        let names: Vec<String> = partitions(path).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["day", "shop"]);
    }
}
