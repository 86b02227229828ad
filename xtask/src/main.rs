//! Builds for WebAssembly.
//!
//! `cargo xtask wasm` writes the engine into `pkg/`: `tailorbird_bg.wasm`, the JavaScript that binds it
//! (`tailorbird.js`) and its types; what each of its imports does (`tailorbird_imports.json`); and
//! `tailorbird_named.wasm`, the same with the names of its functions, which `npm run size -- --why` reads.
//! `cargo xtask recommend` does the same for what answers from a site model, and `cargo xtask conformance` for what the engine's semantics are tested with in Node.

use std::env;
use std::error::Error;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use wasm_bindgen_cli_support::{Bindgen, EncodeInto, Output};

const USAGE: &str = "usage: cargo xtask wasm [--dev] [--crash] [--target-dir DIR] [--out DIR]
       cargo xtask recommend [--target-dir DIR] [--out DIR]
       cargo xtask conformance [--target-dir DIR] [--out DIR]

  --dev    quick to build, not optimized; a panic says where it happened and why, in the console
  --crash  with the hook by which tests make the engine trap; never shipped";

struct Options {
    package: &'static str,
    target: PathBuf,
    out: PathBuf,
    profile: &'static str,
    features: Vec<&'static str>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some(options) = options(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match wasm(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

fn options(arguments: &[String]) -> Option<Options> {
    let (verb, flags) = arguments.split_first()?;
    let package = match verb.as_str() {
        "wasm" => "tailorbird",
        "recommend" => "tailorbird-recommend",
        "conformance" => "conformance",
        _ => return None,
    };
    let (target, out) = (root().join("target"), root().join("pkg"));
    let mut options = Options { package, target, out, profile: "wasm", features: Vec::new() };
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        match flag.as_str() {
            "--target-dir" => options.target = PathBuf::from(flags.next()?),
            "--out" => options.out = PathBuf::from(flags.next()?),
            "--dev" if package == "tailorbird" => {
                options.profile = "wasm-dev";
                options.features.push("dev");
            }
            "--crash" if package == "tailorbird" => options.features.push("crash"),
            _ => return None,
        }
    }
    Some(options)
}

/// LLVM puts a function that is called in one place there, as long as its cost is below a fixed sum. With instructions at
/// ten times the cost that holds for small functions only; with calls at eighteen times, what is hardly longer than its
/// call is still put in their place. A browser compiles a function as a whole when it is first called: what a page does
/// not need then stays uncompiled.
const INLINING: &str = "-Cllvm-args=--inline-instr-cost=50 --inline-call-penalty=450";

/// Compiles a package and binds it.
fn wasm(options: &Options) -> Result<(), Box<dyn Error>> {
    let Options { package, target, out, profile, features } = options;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root())
        .env("CARGO_ENCODED_RUSTFLAGS", flags().join("\u{1f}"))
        .args(["rustc", "--quiet", "--locked", "--lib", "--package", package, "--profile", profile])
        .args(["--target", "wasm32-unknown-unknown", "--crate-type", "cdylib"])
        .args(["--features", &features.join(",")])
        .arg("--target-dir")
        .arg(target)
        // Behind the dashes: for this package, and with it for all that is linked. The other packages are asked for all
        // of what they hold.
        .args(if package == &"tailorbird" { &["--", INLINING][..] } else { &[] })
        .status()?;
    if !status.success() {
        return Err(format!("{package} did not compile").into());
    }
    let name = package.replace('-', "_");
    let built = target.join(format!("wasm32-unknown-unknown/{profile}/{name}.wasm"));
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&built).web(true)?.typescript(true).omit_default_module_path(true);
    // Every browser that the engine runs in has it.
    bindgen.encode_into(EncodeInto::Always).remove_producers_section(true);
    // After a withdrawal of consent the engine starts anew in memory of its own.
    bindgen.reset_state_function(package == &"tailorbird");
    fs::create_dir_all(out)?;
    let named = bindgen.generate_output()?.wasm_mut().emit_wasm();
    fs::write(out.join(format!("{name}_named.wasm")), named)?;
    let mut output = bindgen.remove_name_section(true).generate_output()?;
    let names = number_imports(&mut output);
    output.emit(out)?;
    let list: Vec<String> = names.iter().map(|(long, _)| format!("\"{}\"", plain_name(long))).collect();
    fs::write(out.join(format!("{name}_imports.json")), format!("[{}]\n", list.join(",")))?;
    let glue = out.join(format!("{name}.js"));
    fs::write(&glue, with_numbered_imports(fs::read_to_string(&glue)?, &names)?)?;
    Ok(())
}

/// Names the imports of the module by numbers instead of hashes, which saves 4 KB of the download. Returns
/// the old and the new names.
fn number_imports(output: &mut Output) -> Vec<(String, String)> {
    let imports = output.wasm_mut().imports.iter_mut().enumerate();
    imports
        .map(|(number, import)| {
            let short = format!("i{number}");
            (mem::replace(&mut import.name, short.clone()), short)
        })
        .collect()
}

/// The name of an import without what wasm-bindgen puts around it: `__wbg_getItem_0c792d344808dcf5` is `getItem`.
fn plain_name(long: &str) -> &str {
    let name = long.strip_prefix("__wbg_").or_else(|| long.strip_prefix("__")).unwrap_or(long);
    let is_hash = |end: &&str| end.len() == 16 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.rsplit_once('_').filter(|(_, end)| is_hash(end)).map_or(name, |(name, _)| name).trim_start_matches("__")
}

/// The glue of a module whose imports have other names now.
fn with_numbered_imports(mut glue: String, names: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    for (long, short) in names {
        let definition = format!("{long}: function(");
        if glue.matches(&definition).count() != 1 {
            return Err(format!("the glue does not define {long} as expected").into());
        }
        glue = glue.replace(&definition, &format!("{short}: function("));
    }
    Ok(glue)
}

/// The flags of the compiler. Panic messages carry the paths of sources: the machine that built a release is
/// nobody's business.
fn flags() -> Vec<String> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let folder = |variable: &str, below: &str| {
        env::var_os(variable).map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(below)))
    };
    let (cargo, rustup) = (folder("CARGO_HOME", ".cargo"), folder("RUSTUP_HOME", ".rustup"));
    let mut remapped: Vec<(PathBuf, &str)> = Vec::new();
    remapped.extend(cargo.clone().map(|path| (path, "/cargo")));
    remapped.extend(rustup.map(|path| (path, "/rustup")));
    // Below the registry stands the name of the host it was fetched from.
    let registry = cargo.map(|path| path.join("registry/src"));
    let hosts = registry.into_iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    remapped.extend(hosts.map(|host| (host.path(), "/registry")));
    remapped.push((root(), "/tailorbird"));
    let remap = |(path, name): &(PathBuf, &str)| format!("--remap-path-prefix={}={name}", path.display());
    let mut flags: Vec<String> = remapped.iter().map(remap).collect();
    // `--strip-all` would remove what wasm-bindgen reads.
    flags.push("-Clink-arg=--strip-debug".to_owned());
    flags
}
