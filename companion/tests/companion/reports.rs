//! Lines of reports are counted as they are, whatever is in them.

use std::collections::BTreeMap;

use crate::support::engines;
use tailorbird_companion::reports::lines;

#[test]
fn lines_are_counted_whatever_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one.ndjson"), folder.path().join("other.ndjson"));
    std::fs::write(&one, b"{\"a\": 1}\n{\"a\": 1}\n\n\r\n\xff\xfe,\"\n{\"a\": \"\\\\x01\xc3\x9c\"}\n\xe9\n").unwrap();
    std::fs::write(&other, b"{\"a\":\r2}\n{\"a\": \"\xc3\"}\n{\"a\": 1}").unwrap();
    for (name, mut engine) in engines() {
        let mut counted: BTreeMap<Option<String>, u64> = BTreeMap::new();
        lines(&mut *engine, &[one.clone(), other.clone()], |line, times| {
            assert_eq!(counted.insert(line.map(str::to_owned), times), None, "{name}: {line:?} twice");
        })
        .unwrap();
        let expected =
            [(None, 3), (Some("{\"a\": 1}"), 3), (Some("{\"a\": \"\\\\x01\u{dc}\"}"), 1), (Some("{\"a\":\r2}"), 1)];
        let expected: BTreeMap<Option<String>, u64> =
            expected.into_iter().map(|(line, times)| (line.map(str::to_owned), times)).collect();
        assert_eq!(counted, expected, "{name}");
    }
}
