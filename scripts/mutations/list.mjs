/**
 * Small wrong versions of the evaluator, each a mistake that somebody could make.
 *
 * `from` stands exactly once in `file`; with `to` in its place the evaluator compiles and does what `wrong` says.
 */

/**
 * @param {string} file
 * @param {[wrong: string, from: string, to: string][]} mutations
 */
const of = (file, ...mutations) => mutations.map(([wrong, from, to]) => ({ file, wrong, from, to }));

export const MUTATIONS = [
  ...of("src/hash.rs", ["text is hashed by its UTF-8 bytes", "text.encode_utf16() {", "text.bytes() {"]),
  ...of(
    "src/decision/assignment.rs",
    ["version 1 puts the seed first", "fnv1a_32_utf16(&[id, seed])", "fnv1a_32_utf16(&[seed, id])"],
    ["version 2 has steps of a thousandth", "10_000))", "1_000))"],
    ["version 2 hashes once only", "fnv1a_32_utf16(&[&first.to_string()])", "first"],
    ["weights may sum up to 0.98 or 1.02", "(0.99..=1.01)", "(0.98..=1.02)"],
    ["weights that sum up to 1.01 count as equal ones", "(0.99..=1.01)", "(0.99..1.01)"],
    ["too few or too many weights are taken as they are", "weights.len() == variations && ", ""],
    ["a coverage above 1 widens ranges", "coverage.clamp(0.0, 1.0)", "coverage.max(0.0)"],
    ["coverage moves visitors to other variations", "from += weight;", "from += coverage * weight;"],
    ["a range includes its end", "hash < range[1]", "hash <= range[1]"],
    ["a range excludes its beginning", "hash >= range[0]", "hash > range[0]"],
    ["a namespace is hashed by its bare name", '&format!("__{name}")', "name"],
    [
      "an address may ask for one variation too many",
      "filter(|index| *index < variations)",
      "filter(|index| *index <= variations)",
    ],
    [
      "an address is asked again where its first answer is no variation",
      "pairs.find_map(|mut pair| (pair.next() == Some(key)).then_some(pair))?",
      "pairs.filter_map(|mut pair| (pair.next() == Some(key)).then_some(pair)).last()?",
    ],
    ["a negative index counts as its opposite", "filter(|integer| *integer == 0 || !negative)", "filter(|_| true)"],
  ),
  ...of(
    "src/condition.rs",
    ["$or of nothing does not hold", "list.is_empty() || list.iter()", "list.iter()"],
    ["a list has no length", 'if step == "length"', 'if step == "size"'],
    ["the step 01 is the index 1", " && (step.len() == 1 || !step.starts_with('0'))", ""],
    [
      "one operator among other keys makes them all operators",
      "object.iter().all(|(key, _)| key.starts_with('$'))",
      "object.iter().any(|(key, _)| key.starts_with('$'))",
    ],
    ["a text is like a text only", "js_text(found, scope.host) == *text", "found.as_text() == Some(text.as_str())"],
    ["a number is like a number only", "js_number(found, scope.host) == *number", "found.as_number() == Some(*number)"],
    ["a truth is like a truth only", "truthy(found) == *truth", "found.as_bool() == Some(*truth)"],
    ["what is missing is like false", "*found != Value::Null && truthy(found)", "truthy(found)"],
    [
      "an attribute's name that is no text is passed over",
      "path.as_text().map(|path| Some(steps(path)))",
      "Some(path.as_text().map(steps))",
    ],
  ),
  ...of(
    "src/condition/coercion.rs",
    ["0 counts as true", "*number != 0.0 && !number.is_nan()", "!number.is_nan()"],
    ["an empty text counts as true", "Value::Text(text) => !text.is_empty()", "Value::Text(_) => true"],
    ["null within a list prints as null", "*item == Value::Null { Cow", "*item == Value::Cut { Cow"],
    ["null is no number", "Value::Null | Value::Cut => 0.0", "Value::Null | Value::Cut => f64::NAN"],
    [
      "texts are ordered by their UTF-8 bytes",
      "js_text(left, host).encode_utf16().cmp(js_text(right, host).encode_utf16())",
      "js_text(left, host).cmp(&js_text(right, host))",
    ],
    ["a text and a number are ordered as texts", "is_text(left) && is_text(right)", "is_text(left) || is_text(right)"],
    [
      "the order of keys does not count",
      ".all(|(left, right)| left.0 == right.0 && same_json(left.1, right.1))",
      ".all(|(left, _)| right.get(left.0).is_some_and(|right| same_json(left.1, right)))",
    ],
    ["two lists with the same items are the same", "(Value::List(_) | Value::Object(_), _)", "(Value::Object(_), _)"],
    ["a list is in a list when all of its items are", "items.iter().any(one)", "items.iter().all(one)"],
    ["case is left out of account in ASCII only", "host.lower_case(left) == host.lower_case(right)", "left == right"],
    ["parts of a version are filled up to four places", "{part:>5}", "{part:>4}"],
    ["a version of three parts is not above its pre-releases", "if parts.len() == 3 {", "if parts.len() == 0 {"],
  ),
  ...of(
    "src/condition/saved_group.rs",
    ["a group's own attribute has the say", "attribute.or(own.as_ref())", "own.as_ref().or(attribute)"],
    ["nobody is outside of a group that is not there", "None => Some(&[])", "None => None"],
  ),
  ...of(
    "src/condition/operator.rs",
    ["$lte is $lt", "order(operand).is_some_and(Ordering::is_le)", "order(operand).is_some_and(Ordering::is_lt)"],
    ["$vgte is $vgt", "version(operand).is_ge()", "version(operand).is_gt()"],
    [
      "what cannot be ordered is equal",
      "|operand| relation(found, operand, host);",
      "|operand| relation(found, operand, host).or(Some(Ordering::Equal));",
    ],
    ["$nin without a list holds", "with_list(operand, Operator::Nin)", "Operator::Nin(operand.items().to_vec())"],
    [
      "$exists wants true itself",
      "Operator::Exists(truthy(operand))",
      "Operator::Exists(*operand == Value::Bool(true))",
    ],
    [
      "$elemMatch passes over what counts as false",
      "*item != Value::Null && passes(item)",
      "truthy(item) && passes(item)",
    ],
    [
      "$all of nothing holds of a text",
      "found.as_list().is_some_and(|items| tests.iter().all(|test| items.iter().any(|item| passes(test, item))))",
      "tests.iter().all(|test| found.items().iter().any(|item| passes(test, item)))",
    ],
    ["$alli does not leave out case", "folded(&js_text(item, host), text, host)", "js_text(item, host) == *text"],
  ),
  ...of(
    "src/decision/targeting.rs",
    ["patterns that only exclude target nothing", "included || !(any_include || patterns.is_empty())", "included"],
    ["no patterns target everything", "!(any_include || patterns.is_empty())", "!any_include"],
    [
      "a pattern without a yes excludes",
      'target.get("include") == Some(&Value::Bool(false))',
      '!target.at("include").is_true()',
    ],
    ["an excluding pattern does not exclude", "if matches {", "if false {"],
    [
      "a regular expression sees the whole address only",
      ' || host.matches(pattern, "", href.get(origin.len()..).unwrap_or(""))',
      "",
    ],
    [
      "a pattern that begins with a host is a path",
      "is_some_and(|at| pattern.as_bytes().get(at) == Some(&b'.'))",
      "is_some_and(|_| false)",
    ],
    ["the host does not count", 'part("host", false)', "true"],
    ["the path does not count", '&& part("pathname", true)', ""],
    ["a pattern without a hash wants none", 'expected.at("hash").text().is_empty() || ', ""],
    ["a pattern's hash does not count", '|| part("hash", false)', "|| true"],
    ["parameters of a pattern do not count", "params(&expected).all(", "params(&expected).take(0).all("],
    ["case counts in addresses", ', "i", actual)', ', "", actual)'],
    ["a slash at the end of a path must be there", "inner = inner.strip_suffix('/').unwrap_or(inner);", ""],
    ["a wildcard stands for something", 'regex.push_str(".*")', 'regex.push_str(".+")'],
    ["a wildcard ends at a slash", 'regex.push_str(".*")', 'regex.push_str("[^/]*")'],
    ["a point in an address stands for any letter", "regex.push('\\\\');", ""],
    ["a redirect may lead to where it came from", "(!is_targeted(&to, patterns, host)).then_some(to)", "Some(to)"],
  ),
  ...of(
    "src/decision/evaluation_context.rs",
    ["what counts as false is hashed", "value if truthy(value) => value,", "value if *value != Value::Null => value,"],
    ["a fallback is used where nothing is remembered", "self.is_sticky(rule) && !name.is_empty()", "!name.is_empty()"],
    ["a filter hashes as version 1", 'filter.at("hashVersion"), 2.0)', 'filter.at("hashVersion"), 1.0)'],
  ),
  ...of(
    "src/decision/experiment.rs",
    ["one variation is an experiment", "experiment.variations.len() < 2", "experiment.variations.is_empty()"],
    ["experiments cannot be switched off", " || self.overrides.disabled()", ""],
    ["url patterns do not count", "truthy(patterns) && !is_targeted", "false && !is_targeted"],
    ["a draft runs", 'experiment.own("status").text() == "draft" || ', ""],
    ["an inactive experiment runs", ' || *experiment.own("active") == Value::Bool(false)', ""],
    ["a stopped experiment runs", '.text() == "stopped"', '.text() == "ended"'],
    ["in QA mode variations are drawn", "if self.overrides.qa() {", "if false {"],
    ["an earlier assignment does not skip targeting", "if !matches!(earlier, Earlier::Variation(_))", "if true"],
    ["an experiment has no seed of its own", "if seed.is_empty() { self.key } else { seed }", "self.key"],
    ["a namespace counts instead of filters", "(Value::List(filters), _) =>", "(Value::List(filters), Value::Null) =>"],
    ["only prerequisites that fail keep out", "!= Prerequisites::Hold", "== Prerequisites::Fail"],
    ["groups do not count", "truthy(groups) && !self.overrides", "false && !self.overrides"],
    ["the oldest allowed version excludes as well", "while version < least", "while version <= least"],
    ["an earlier version does not exclude", "return Earlier::Excluded;", "return Earlier::None;"],
    [
      "the fallback's memory has the say",
      '[rule.field("hashAttribute"), rule.field("fallbackAttribute")]',
      '[rule.field("fallbackAttribute"), rule.field("hashAttribute")]',
    ],
    ["a leaf's weights are not used", "leaf.map_or(rule", "None::<&Value>.map_or(rule"],
    [
      "an old pattern for addresses does not count",
      'if self.overrides.is_other_url(experiment.own("url"))',
      "if false",
    ],
  ),
  ...of(
    "src/decision/feature.rs",
    ["a coverage excludes its end", "(hash <= coverage, coverage)", "(hash < coverage, coverage)"],
    [
      "a coverage of 0 covers the first bucket",
      "coverage.is_none_or(|coverage| *coverage == Value::Number(0.0))",
      "coverage.is_none()",
    ],
    ["a coverage wins over a range", "if truthy(range) {", "if truthy(range) && coverage.is_none() {"],
    [
      "a prerequisite that does not gate blocks",
      "Prerequisites::Fail => continue",
      "Prerequisites::Fail => return without_rule(&NULL, Source::Prerequisite)",
    ],
    [
      "a prerequisite that gates does not",
      "Prerequisites::Block => return without_rule(&NULL, Source::Prerequisite)",
      "Prerequisites::Block => continue",
    ],
    [
      "a circle of prerequisites is passed by",
      "Prerequisites::Cycle => return without_rule(&NULL, Source::CyclicPrerequisite)",
      "Prerequisites::Cycle => continue",
    ],
    [
      "prerequisites know no saved groups",
      "holds(&tree, self.context.scope())",
      "holds(&tree, crate::condition::Scope::of(self.context.host, &[]))",
    ],
    [
      "null cannot be forced",
      'if let Some(value) = rule.written.get("force") {',
      'if let Some(value) = rule.written.get("force").filter(|value| **value != NULL) {',
    ],
    ["filters of a rule do not count", "if self.context.filtered_out(", "if false && self.context.filtered_out("],
    ["who passes through stays", "assignment.included && !assignment.passes_through()", "assignment.included"],
  ),
];
