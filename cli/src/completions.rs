//! `tailorbird completions`: commands and options, for a shell to complete.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};

/// Print a script that lets a shell complete commands and options
///
/// For example, in ~/.bashrc:
///
///   source <(tailorbird completions bash)
///
/// for zsh, into a folder of $fpath:
///
///   tailorbird completions zsh > ~/.zfunc/_tailorbird
///
/// for fish:
///
///   tailorbird completions fish > ~/.config/fish/completions/tailorbird.fish
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub fn run(&self) -> Result<(), Ending> {
        let mut script = Vec::new();
        generate(self.shell, &mut crate::Tool::command(), "tailorbird", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}
