//! Flags, run, exit code.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use cargo_privacy::adopt::{self, Asked, Form, Record};
use cargo_privacy::check::{self, BaselineUse, Options, Outcome};
use cargo_privacy::cli::{
    self, Annotate, Baseline, Check, Cli, Command, Environment, Explain, Init, NoticeCommand, NoticeOptions,
    Output, Scope,
};
use cargo_privacy::progress::Progress;
use cargo_privacy::recognise::Confidence;
use cargo_privacy::review::{self, Ask};
use cargo_privacy::{emit, explain, label, lints};

/// Analysis makes and drops many small values on all threads.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
        Command::Baseline(arguments) => baseline(arguments),
        Command::Annotate(arguments) => annotate(arguments),
        Command::Init(arguments) => init(arguments),
        Command::Explain(arguments) => explain(arguments),
        Command::Notice(command) => notice(command),
    }
}

fn check(arguments: &Check) -> io::Result<Outcome> {
    let baseline = match &arguments.baseline {
        _ if arguments.no_baseline => BaselineUse::Off,
        Some(path) => BaselineUse::File(path.clone()),
        None => BaselineUse::Beside,
    };
    let options = Options {
        format: format(arguments.format),
        baseline,
        changed_since: arguments.changed_since.clone(),
        max: arguments.max,
        stats: arguments.stats,
        ..options(&arguments.scope)?
    };
    let watch = progress(&arguments.scope.output);
    if arguments.fix
        && let Some(outcome) =
            adopt::fix(&options, arguments.allow_dirty, &watch, &mut stdout(), &mut stderr())?
    {
        return Ok(outcome);
    }
    check::run(&options, &watch, &mut stdout(), &mut stderr())
}

fn baseline(arguments: &Baseline) -> io::Result<Outcome> {
    let baseline = arguments.baseline.clone().map_or(BaselineUse::Beside, BaselineUse::Write);
    let options = Options { baseline, ..options(&arguments.scope)? };
    let how = if arguments.prune { Record::Prune } else { Record::Anew };
    adopt::record(&options, how, &progress(&arguments.scope.output), &mut stdout(), &mut stderr())
}

fn init(arguments: &Init) -> io::Result<Outcome> {
    let options = options(&arguments.scope)?;
    let watch = progress(&arguments.scope.output);
    adopt::init(&options, arguments.print, &watch, &mut stdout(), &mut stderr())
}

fn annotate(arguments: &Annotate) -> io::Result<Outcome> {
    let options = options(&arguments.scope)?;
    let asked = Asked {
        apply: arguments.apply,
        confidence: arguments.confidence.map(|confidence| match confidence {
            cli::Confidence::High => Confidence::High,
            cli::Confidence::Medium => Confidence::Medium,
            cli::Confidence::Low => Confidence::Low,
        }),
        form: match arguments.form {
            cli::Form::CfgAttr => Form::CfgAttr,
            cli::Form::Derive => Form::Derive(arguments.dependency.clone()),
            cli::Form::Notice => Form::Notice,
        },
        types: arguments.types.clone(),
        paths: arguments.patterns.clone(),
        reject: arguments.reject.clone().zip(arguments.reason.clone()),
        allow_dirty: arguments.allow_dirty,
    };
    let watch = progress(&arguments.scope.output);
    adopt::annotate(&options, &asked, &watch, &mut stdout(), &mut stderr())
}

fn notice(command: &NoticeCommand) -> io::Result<Outcome> {
    let by_itself = |ask, arguments: &NoticeOptions| {
        io::Result::Ok(review::Options {
            ask,
            notice: arguments.notice.clone(),
            cwd: std::env::current_dir()?,
            levels: arguments.levels().to_vec(),
            format: format(arguments.format),
            max: arguments.max,
            color: is_colored(&arguments.output),
        })
    };
    let (options, output) = match command {
        NoticeCommand::Lint(arguments) => {
            (by_itself(Ask::Lint, &arguments.options)?, &arguments.options.output)
        }
        NoticeCommand::Diff(arguments) => {
            let ask = Ask::Diff { old: arguments.old.clone(), new: arguments.new.clone() };
            (by_itself(ask, &arguments.options)?, &arguments.options.output)
        }
        NoticeCommand::Coverage(arguments) => {
            let options = Options { format: format(arguments.format), ..options(&arguments.scope)? };
            let options = review::Options {
                notice: options.notice.clone(),
                cwd: options.request.cwd.clone(),
                levels: options.levels.clone(),
                format: options.format,
                max: options.max.unwrap_or(emit::DEFAULT_MAX),
                color: options.color,
                ask: Ask::Coverage(Box::new(options)),
            };
            (options, &arguments.scope.output)
        }
    };
    review::run(&options, &progress(output), &mut stdout(), &mut stderr())
}

/// A run as all commands ask for it.
fn options(scope: &Scope) -> io::Result<Options> {
    Ok(Options {
        request: scope.request(&std::env::current_dir()?),
        notice: scope.notice.clone(),
        inferred: inferred(scope.inferred),
        levels: scope.levels().to_vec(),
        color: is_colored(&scope.output),
        quiet: scope.output.quiet,
        verbose: scope.output.verbose > 0,
        ..Options::default()
    })
}

/// Neither stream is locked, as the progress line writes to stderr from a thread of its own.
fn stdout() -> impl Write {
    BufWriter::new(io::stdout())
}

fn stderr() -> impl Write {
    BufWriter::new(io::stderr())
}

fn progress(output: &Output) -> Progress {
    Progress::new(io::stderr().is_terminal() && !output.quiet)
}

fn allows(arguments: &Explain) -> io::Result<Outcome> {
    let request = arguments.request(&std::env::current_dir()?);
    let (notice, color) = (arguments.notice.clone(), is_colored(&arguments.output));
    let options = Options { request, notice, color, ..Options::default() };
    adopt::allows(&options, &progress(&arguments.output), &mut stdout(), &mut stderr())
}

fn explain(arguments: &Explain) -> io::Result<Outcome> {
    if arguments.allows {
        return allows(arguments);
    }
    let mut out = stdout();
    let Some(name) = &arguments.lint else {
        explain::list(&mut out)?;
        return Ok(Outcome::Clean);
    };
    if explain::page(name, &mut out)? {
        return Ok(Outcome::Clean);
    }
    if let Some(at) = adopt::At::parse(name) {
        let request = arguments.around(&std::env::current_dir()?);
        let (notice, color) = (arguments.notice.clone(), is_colored(&arguments.output));
        let inferred = label::Inferred::Yes;
        let options = Options { request, notice, color, inferred, ..Options::default() };
        return adopt::place(&options, &at, &progress(&arguments.output), &mut out, &mut stderr());
    }
    let near = lints::suggest(name).map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`"));
    Ok(unusable(&format!(
        "error: there is no lint `{name}`{near}\nhelp: `cargo privacy explain` lists the lints"
    )))
}

fn format(asked: cli::Format) -> emit::Format {
    match asked {
        cli::Format::Human => emit::Format::Human,
        cli::Format::Short => emit::Format::Short,
        cli::Format::Json => emit::Format::Json,
        cli::Format::Sarif => emit::Format::Sarif,
        cli::Format::Github => emit::Format::Github,
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
