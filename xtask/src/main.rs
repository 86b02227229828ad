//! Builds for WebAssembly.
//!
//! `cargo xtask wasm [--target-dir DIR] [--out DIR]` writes the engine into `pkg/`: as pages load it,
//! `tailorbird_bg.wasm`, and with what few pages need, `rare_bg.wasm`; `cargo xtask conformance` what the engine's semantics are tested with in Node,
//! `conformance_bg.wasm`.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: cargo xtask wasm|conformance [--target-dir DIR] [--out DIR]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match options(&arguments) {
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Some((package, target, out)) => {
            let built = if package == "tailorbird" {
                wasm(package, "rare", &[], &target, &out)
                    .and_then(|()| wasm(package, package, &["--no-default-features"], &target, &out))
            } else {
                wasm(package, package, &[], &target, &out)
            };
            match built {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("xtask: {error}");
                    ExitCode::FAILURE
                }
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// What is to be built, the target directory and the output directory.
fn options(arguments: &[String]) -> Option<(&'static str, PathBuf, PathBuf)> {
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
    let package = match verb.as_str() {
        "wasm" => "tailorbird",
        "conformance" => "conformance",
        _ => return None,
    };
    rest.is_empty().then_some((package, target, out))
}

/// Builds a package's wasm into `out` as `NAME_bg.wasm`; `flags` are Cargo's.
fn wasm(package: &str, name: &str, flags_of_cargo: &[&str], target: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
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
    // Without this each address and each index of a function takes five bytes.
    flags.push_str("\u{1f}-Clink-arg=--strip-all\u{1f}-Clink-arg=--compress-relocations");
    let status = Command::new(cargo)
        .current_dir(root())
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .args(["rustc", "--quiet", "--locked", "--release", "--lib", "--package", package])
        .args(["--target", "wasm32-unknown-unknown", "--crate-type", "cdylib", "--target-dir"])
        .arg(target)
        .args(flags_of_cargo)
        .status()?;
    if !status.success() {
        return Err("the engine did not compile".into());
    }
    fs::create_dir_all(out)?;
    let built = fs::read(target.join(format!("wasm32-unknown-unknown/release/{package}.wasm")))?;
    fs::write(out.join(format!("{name}_bg.wasm")), without_custom_sections(&built)?)?;
    Ok(())
}

/// The module without what no engine needs: names, producers, features.
///
/// Source: WebAssembly Core Specification, 5.5.3 "Custom Section": sections of id 0.
fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>, &'static str> {
    const CUT_SHORT: &str = "the module is cut short";
    let (head, mut rest) = module.split_at_checked(8).ok_or(CUT_SHORT)?;
    let mut kept = head.to_vec();
    while let [id, after @ ..] = rest {
        let digits = after.iter().position(|byte| *byte < 0x80).ok_or(CUT_SHORT)? + 1;
        let length = after.iter().take(digits).rev().fold(0, |length, byte| (length << 7) | usize::from(byte & 0x7f));
        let (section, next) = rest.split_at_checked(1 + digits + length).ok_or(CUT_SHORT)?;
        if *id != 0 {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(kept)
}
