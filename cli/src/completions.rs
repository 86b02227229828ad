//! `tailorbird completions`: commands and options, for a shell to complete.

use clap::{Command, CommandFactory};
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
        // What is not in the list of commands is not offered either.
        let all = crate::Tool::command();
        let listed = all.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
        let tool = Command::new("tailorbird").version(env!("CARGO_PKG_VERSION")).disable_help_subcommand(true);
        let mut script = Vec::new();
        generate(self.shell, &mut tool.subcommands(listed), "tailorbird", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}
