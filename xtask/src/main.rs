//! Builds the engine for WebAssembly and generates its JavaScript bindings.
//!
//! `cargo xtask bindings [--target-dir DIR] [--out DIR]` writes `tailorbird.js`,
//! `tailorbird_bg.wasm` and their types into `pkg/`.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: cargo xtask bindings [--target-dir DIR] [--out DIR]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match options(&arguments) {
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Some((target, out)) => match bindings(&target, &out) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("xtask: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// The target directory and the output directory.
fn options(arguments: &[String]) -> Option<(PathBuf, PathBuf)> {
    let (mut target, mut out) = (root().join("target"), root().join("pkg"));
    let (verb, mut rest) = arguments.split_first()?;
    while let [flag, value, after @ ..] = rest {
        match flag.as_str() {
            "--target-dir" => target = PathBuf::from(value),
            "--out" => out = PathBuf::from(value),
            _ => return None,
        }
        rest = after;
    }
    (verb == "bindings" && rest.is_empty()).then_some((target, out))
}

fn bindings(target: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Panic messages carry source paths; the machine that built a release is nobody's business.
    let mut flags = String::new();
    let homes = [("CARGO_HOME", ".cargo", "cargo"), ("RUSTUP_HOME", ".rustup", "rustup")];
    let home = env::var_os("HOME").map(PathBuf::from);
    for (variable, folder, name) in homes {
        let path = env::var_os(variable).map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(folder)));
        if let Some(path) = path {
            flags.push_str(&format!("--remap-path-prefix={}=/{name}\u{1f}", path.display()));
        }
    }
    // Below the registry stands the name of the host it was fetched from.
    let registry = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(".cargo")));
    let registry = registry.map(|home| home.join("registry/src"));
    for host in registry.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten() {
        flags.push_str(&format!("--remap-path-prefix={}=/registry\u{1f}", host.path().display()));
    }
    flags.push_str(&format!("--remap-path-prefix={}=/tailorbird", root().display()));
    let status = Command::new(cargo)
        .current_dir(root())
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .args(["rustc", "--quiet", "--locked", "--release", "--lib", "--package", "tailorbird"])
        .args(["--target", "wasm32-unknown-unknown", "--crate-type", "cdylib", "--target-dir"])
        .arg(target)
        .status()?;
    if !status.success() {
        return Err("the engine did not compile".into());
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(target.join("wasm32-unknown-unknown/release/tailorbird.wasm"))
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true);
    bindgen.generate(out)?;
    Ok(())
}
