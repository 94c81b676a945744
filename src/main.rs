//! Flags, run, exit code.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use cargo_privacy::check::{self, Options, Outcome};
use cargo_privacy::cli::{self, Check, Cli, Command, Environment, Explain, Output};
use cargo_privacy::{emit, explain, label, lints};

/// Analysis makes and drops many small values on all threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let panicked = catch_words();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(&cli)));
    let outcome = match outcome {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Clean,
        Ok(Err(error)) => unusable(&format!("error: {error}")),
        Err(_) => unusable(&internal_error(&panicked.lock().unwrap_or_else(PoisonError::into_inner))),
    };
    ExitCode::from(outcome.code())
}

/// Help and versions are refusals too, with a code and a stream of their own.
fn refused(error: &clap::Error) -> ExitCode {
    // Where neither stream can be written there is nobody to tell.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn unusable(message: &str) -> Outcome {
    let _ = writeln!(io::stderr(), "{message}");
    Outcome::Unusable
}

fn run(cli: &Cli) -> io::Result<Outcome> {
    match &cli.command {
        Command::Check(arguments) => check(arguments),
        Command::Explain(arguments) => explain(arguments),
    }
}

fn check(arguments: &Check) -> io::Result<Outcome> {
    let cwd = std::env::current_dir()?;
    let Some(format) = format(arguments.format) else {
        return Ok(unusable("error: this format is not written by this version"));
    };
    let options = Options {
        request: arguments.request(&cwd),
        notice: arguments.notice.clone(),
        inferred: inferred(arguments.inferred),
        levels: arguments.levels().to_vec(),
        format,
        max: arguments.max,
        color: is_colored(&arguments.output),
        quiet: arguments.output.quiet,
        verbose: arguments.output.verbose > 0,
        stats: arguments.stats,
    };
    check::run(&options, &mut BufWriter::new(io::stdout().lock()), &mut BufWriter::new(io::stderr().lock()))
}

fn explain(arguments: &Explain) -> io::Result<Outcome> {
    let mut out = BufWriter::new(io::stdout().lock());
    let Some(name) = &arguments.lint else {
        explain::list(&mut out)?;
        return Ok(Outcome::Clean);
    };
    if explain::page(name, &mut out)? {
        return Ok(Outcome::Clean);
    }
    let near = lints::suggest(name).map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`"));
    Ok(unusable(&format!(
        "error: there is no lint `{name}`{near}\nhelp: `cargo privacy explain` lists the lints"
    )))
}

fn format(asked: cli::Format) -> Option<emit::Format> {
    match asked {
        cli::Format::Human => Some(emit::Format::Human),
        cli::Format::Short => Some(emit::Format::Short),
        cli::Format::Json => Some(emit::Format::Json),
        cli::Format::Sarif | cli::Format::Github => None,
    }
}

fn inferred(asked: cli::Inferred) -> label::Inferred {
    match asked {
        cli::Inferred::Auto => label::Inferred::Auto,
        cli::Inferred::Yes => label::Inferred::Yes,
        cli::Inferred::No => label::Inferred::No,
    }
}

fn is_colored(output: &Output) -> bool {
    let no_color = std::env::var("NO_COLOR").ok();
    let cargo_term_color = std::env::var("CARGO_TERM_COLOR").ok();
    output.colored(Environment {
        no_color: no_color.as_deref(),
        cargo_term_color: cargo_term_color.as_deref(),
        is_terminal: io::stdout().is_terminal(),
    })
}

/// Keeps the words of a panic, so that they are told once and with what to do about it.
fn catch_words() -> Arc<Mutex<String>> {
    let words = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&words);
    panic::set_hook(Box::new(move |info| {
        let mut words = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if words.is_empty() {
            *words = info.to_string();
        }
    }));
    words
}

fn internal_error(words: &str) -> String {
    let report = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "error: cargo-privacy {version} failed on this code, which is a fault of its own: {words}\n\
         help: please report it at {report}, with the code if you may share it"
    )
}
