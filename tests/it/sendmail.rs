//! `leadtone sendmail` between a message and the program that sends it: whatever either does, the bytes that arrive are
//! those that came, and nothing ends with success that did not arrive.

use super::cli::{Cli, Ran};
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HEADER: &str = "From: Kim <kim@example.org>\nTo: Sam <sam@example.org>\nSubject: The stall\nDate: Mon, 5 Jan 2026 \
    10:00:00 +0000\n\n";

const ORDERS: &str = "You must file the form today. You must sign the sheet. You must lock the gate. You must wear the \
    badge. You must report to the desk. You must clean the van. You must count the keys. You must close the shop. You \
    must answer the phone. You must stay until six. You must sweep the hall. You must post the bill. You must oil the chain. You must fill the tank. You \
    must paint the fence. You must ring the bell. You must feed the cat. You must stack the chairs.\n";

/// The field that begins an encrypted message, and its body.
const ENCRYPTED: &str = "Content-Type: multipart/encrypted; boundary=b\n";
const SEALED: &str = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: \
    application/octet-stream\n\nhQEMA5\n--b--\n";

const LATITUDE: &str = "You decide how to run the stall. Take the time you need.\n";

/// More than a pipe holds, and more than is checked.
const LARGE: usize = 200 << 10;
const HUGE: usize = 65 << 20;

fn letter(body: &str) -> Vec<u8> {
    format!("{HEADER}{body}").into_bytes()
}

fn long(bytes: usize) -> Vec<u8> {
    let mut message = letter("The list is below.\n\n");
    while message.len() < bytes {
        message.extend_from_slice(b"0123456789abcdef 0123456789abcdef 0123456789abcdef\r\n");
    }
    message
}

fn sendmail(options: &[&str], command: &[&str]) -> Cli {
    let mut cli = Cli::new().args(["sendmail"]);
    for arg in options.iter().chain(&["--"]).chain(command) {
        cli = cli.args([*arg]);
    }
    cli
}

/// The same without a check, for what has nothing to do with that.
fn unchecked(command: &[&str]) -> Cli {
    sendmail(&[], command).env("LEADTONE_SENDMAIL", "pass")
}

#[test]
fn the_very_same_bytes_arrive() {
    let crlf = String::from_utf8(letter(LATITUDE)).expect("text").replace('\n', "\r\n").into_bytes();
    let base64 = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!! no base64 ===\n".to_vec();
    let many: Vec<u8> = (0..2000).flat_map(|_| *b"Content-Type: message/rfc822\n\n").collect();
    for (name, message) in [
        ("plain", letter(LATITUDE)),
        ("line ends of the network", crlf),
        ("line ends of all kinds", letter("One.\r\n\rTwo.\n\r\nThree.\r")),
        ("no end of the last line", letter("One.")),
        ("a dot alone", letter("One.\n.\nTwo.\n..\n.")),
        ("lines that begin with From", letter("From here on it is yours.\n>From there too.\n")),
        ("a header without a body", HEADER.into()),
        ("every byte there is", [letter("One.\n"), (0..=255).collect(), b"\0\0\n".to_vec()].concat()),
        ("a byte order mark", [b"\xEF\xBB\xBF".to_vec(), letter(LATITUDE)].concat()),
        ("an envelope line", [b"From kim Mon Jan  5 10:00:00 2026\n".to_vec(), letter(LATITUDE)].concat()),
        ("a long line", letter(&"word ".repeat(50_000))),
        ("broken base64", [b"Subject: x\n".to_vec(), base64].concat()),
        ("more than a pipe holds", long(LARGE)),
        // These cannot be checked.
        ("nothing", Vec::new()),
        ("an empty line", b"\n".to_vec()),
        ("no header", b"You decide.\n".to_vec()),
        ("noise", (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
        ("messages within messages", many),
        ("more than is checked", long(HUGE)),
    ] {
        let ran = sendmail(&[], &["cat"]).stdin(&message).run();
        assert_eq!(ran.output.status.code(), Some(0), "{name}: {}", ran.errors());
        assert!(ran.output.stdout == message, "{name}: other bytes");
    }
}

#[test]
fn the_exit_status_is_that_of_the_program_that_sends() {
    let table: [(&str, &str, i32); 13] = [
        ("takes all", "cat >/dev/null", 0),
        ("takes all and fails", "cat >/dev/null; exit 67", 67),
        ("fails at once", "exit 75", 75),
        ("reads a part and fails", "head -c 10 >/dev/null; exit 1", 1),
        ("dies", "kill -KILL $$", 137),
        ("dies after reading", "cat >/dev/null; kill -TERM $$", 143),
        // Success is not believed where bytes were left.
        ("reads nothing", "exit 0", 74),
        ("reads nothing, slowly", "sleep 0.3", 74),
        ("reads a part", "head -c 10 >/dev/null", 74),
        ("reads all but the last byte", "head -c $(($SIZE - 1)) >/dev/null", 74),
        ("does not wait for the end", "head -c $SIZE >/dev/null", 0),
        ("closes its input", "exec <&-; exit 0", 74),
        ("closes its input and fails", "exec <&-; exit 9", 9),
    ];
    for (name, script, code) in table {
        for message in [letter(LATITUDE), long(LARGE)] {
            let script = script.replace("$SIZE", &message.len().to_string());
            let ran = unchecked(&["sh", "-c", &script]).stdin(&message).run();
            assert_eq!(ran.output.status.code(), Some(code), "{name}, {} bytes: {}", message.len(), ran.errors());
            let says = match code {
                74 => "leadtone: sh: ended with success before it had read the whole message\n",
                137 => "leadtone: sh: ended by signal 9\n",
                143 => "leadtone: sh: ended by signal 15\n",
                _ => "",
            };
            assert_eq!(ran.errors(), says, "{name}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_may_leave_its_input_to_another_one() {
    // The shell gives a program in the background no input unless it is told to.
    let reads = "exec 3<&0; { sleep 0.3; cat <&3 >got; } >&- 2>&- & exit";
    let goes = "exec 3<&0; sleep 0.3 >&- 2>&- & exit";
    let stays = "exec 3<&0; sleep 30 >&- 2>&- & exit";
    for (name, script, bytes, code, arrives) in [
        ("reads all, little", format!("{reads} 0"), 1000, 0, true),
        ("reads all, much", format!("{reads} 0"), 1200 << 10, 0, true),
        ("reads all, more than is held", format!("{reads} 0"), HUGE, 0, true),
        ("reads all behind a failure", format!("{reads} 5"), LARGE, 5, true),
        ("is told to end", format!("{goes} 0"), LARGE, 74, false),
        ("fails and is told to end", format!("{goes} 5"), LARGE, 5, false),
        // What is in the pipe whole is nobody's to wait for.
        ("never reads", format!("{stays} 0"), 1000, 0, false),
    ] {
        let message = long(bytes);
        let cli = unchecked(&["sh", "-c", &script]).stdin(&message);
        let begun = Instant::now();
        let ran = cli.run();
        assert_eq!(ran.output.status.code(), Some(code), "{name}: {}", ran.errors());
        assert!(begun.elapsed().as_secs() < 20, "{name}: it was waited for");
        if arrives {
            // The writer's end is not the reader's.
            let got = || fs::read(ran.folder.path().join("got")).unwrap_or_default();
            while got().len() < message.len() && begun.elapsed().as_secs() < 20 {
                std::thread::sleep(Duration::from_millis(50));
            }
            assert!(got() == message, "{name}: other bytes");
        }
    }
}

#[test]
fn what_becomes_of_a_message() {
    let kind = |name: &str| match name {
        "sound" => letter(LATITUDE),
        "orders" => letter(ORDERS),
        "few" => letter("You must file it.\n"),
        "quoted" => letter(&format!("{LATITUDE}\nOn Mon, 5 Jan 2026, Sam wrote:\n> {}", ORDERS.replace(". ", ".\n> "))),
        "headless" => ORDERS.into(),
        "empty" => Vec::new(),
        "encrypted" => format!("{ENCRYPTED}{HEADER}{SEALED}").into_bytes(),
        "enriched" => format!("Content-Type: text/enriched\n{HEADER}{ORDERS}").into_bytes(),
        "armoured" => letter("-----BEGIN PGP MESSAGE-----\n\nhQEMA5\n-----END PGP MESSAGE-----\n"),
        "no body" => letter(""),
        other => unreachable!("{other}"),
    };
    let absent = "no-such-program";
    for (message, options, environment, command, code, arrives) in [
        ("sound", &[][..], "", "cat", 0, true),
        ("few", &[], "", "cat", 0, true),
        ("quoted", &[], "", "cat", 0, true),
        ("orders", &[], "", "cat", 1, false),
        ("orders", &["--on-error=refuse"], "", "cat", 1, false),
        ("orders", &["--on-fail=refuse"], "", absent, 1, false),
        ("orders", &["--on-fail=pass"], "", "cat", 0, true),
        ("orders", &["--on-fail=pass"], "", "false", 1, false),
        ("orders", &["--kind=crisis"], "", "cat", 0, true),
        ("few", &["--config=strict.toml"], "", "cat", 1, false),
        ("few", &["--config=strict.toml"], "pass", "cat", 0, true),
        ("orders", &[], "pass", "cat", 0, true),
        ("orders", &[], "pass", "false", 1, false),
        ("orders", &[], "pass", absent, 75, false),
        ("orders", &[], "0", "cat", 1, false),
        ("orders", &[], "", absent, 1, false),
        ("sound", &[], "", absent, 75, false),
        ("sound", &[], "", "./strict.toml", 75, false),
        ("headless", &[], "", "cat", 0, true),
        ("headless", &["--on-error=refuse"], "", "cat", 75, false),
        ("empty", &[], "", "cat", 0, true),
        ("empty", &["--on-error=refuse"], "", "cat", 75, false),
        ("encrypted", &[], "", "cat", 0, true),
        ("encrypted", &["--on-error=refuse"], "", "cat", 75, false),
        ("enriched", &["--on-error=refuse"], "", "cat", 75, false),
        ("armoured", &["--on-error=refuse"], "", "cat", 75, false),
        ("no body", &["--on-error=refuse"], "", "cat", 0, true),
        ("orders", &["--config=broken.toml"], "", "cat", 0, true),
        ("orders", &["--config=broken.toml", "--on-error=refuse"], "", "cat", 75, false),
        ("orders", &["--config=broken.toml", "--on-error=refuse"], "pass", "cat", 0, true),
        ("orders", &["--config=absent.toml"], "", "cat", 0, true),
        ("orders", &["--lexicon=absent"], "", "cat", 0, true),
        ("orders", &["--lexicon=absent", "--on-error=refuse"], "", "cat", 75, false),
        ("orders", &["--no-such-option"], "", "cat", 2, false),
    ] {
        let name = format!("{message} {options:?} {environment} {command}");
        let bytes = kind(message);
        let mut cli = sendmail(options, &[command])
            .file("strict.toml", "[[profile]]\nkind = \"email\"\nmin_empowering = 0\nmax_directive = 0\n")
            .file("broken.toml", "[[profile]]\nkind = \"letter\"\n")
            .stdin(&bytes);
        if !environment.is_empty() {
            cli = cli.env("LEADTONE_SENDMAIL", environment);
        }
        let ran = cli.code(code);
        let expected = if arrives { bytes } else { Vec::new() };
        assert!(ran.output.stdout == expected, "{name}: {}", ran.text());
        // A warning, a refusal or what failed is told; nothing else is.
        let is_sound = ["sound", "few", "quoted", "no body"].contains(&message) || options == ["--kind=crisis"];
        let is_silent = if is_sound { code == 0 || environment == "pass" } else { environment == "pass" };
        let is_silent = is_silent && command != absent;
        assert_eq!(ran.errors().is_empty(), is_silent, "{name}: {}", ran.errors());
    }
}

#[test]
fn a_refusal_says_what_to_look_at_and_how_to_send_it_all_the_same() {
    let body = format!("Run every quote by me first.\n{ORDERS}");
    let errors = sendmail(&[], &["cat"]).stdin(letter(&body)).code(1).stdout("").errors();
    assert!(errors.starts_with("message:6:1: directive ("), "{errors}");
    assert!(errors.contains("% sure)\n  Run every quote by me first.\n  ^^^"), "{errors}");
    assert!(errors.contains("\n  instead of \"Run every quote by me first\": "), "{errors}");
    assert!(errors.contains("\nfail: message (email: 0% empowering (0–"), "{errors}");
    assert!(errors.ends_with("\nleadtone: not sent; LEADTONE_SENDMAIL=pass in the environment sends it as it is\n"));
    let errors = sendmail(&["--on-fail=pass"], &["cat"]).stdin(letter(&body)).code(0).errors();
    assert!(errors.contains("\nfail: message (email: ") && !errors.contains("not sent"), "{errors}");
    let errors = sendmail(&["--verbose", "--show=all"], &["cat"]).stdin(letter(LATITUDE)).code(0).errors();
    assert!(errors.contains(": empowering (") && errors.contains("\nnot judged: message (email: "), "{errors}");
}

#[test]
fn trouble_is_named_on_one_line() {
    let says = |options: &[&str], command: &str, message: &[u8]| {
        let cli = sendmail(options, &[command]).file("broken.toml", "[[profile]]\nkind = \"letter\"\n");
        cli.stdin(message).run().errors()
    };
    let sound = letter(LATITUDE);
    let config = says(&["--config=broken.toml"], "cat", &sound);
    assert!(config.starts_with("leadtone: warning: handed on unchecked: broken.toml:2:8: "), "{config}");
    assert_eq!(says(&["--on-error=refuse"], "cat", b"One.\n"), "leadtone: not sent: no message: it has no header\n");
    assert_eq!(says(&[], "cat", b""), "leadtone: warning: handed on unchecked: an empty message\n");
    let sealed = "Subject: x\nContent-Type: application/pkcs7-mime\n\nMIIB\n";
    let unread = "leadtone: warning: handed on unchecked: nothing of its text can be read\n";
    assert_eq!(says(&[], "cat", sealed.as_bytes()), unread);
    let absent = says(&[], "no-such-program", &sound);
    assert!(absent.starts_with("leadtone: not sent: no-such-program: cannot be started: "), "{absent}");
    for errors in [config, absent] {
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn the_arguments_of_the_program_are_untouched() {
    let args =
        ["-oi", "-f", "kim@example.org", "-t", "--", "--config", "sam@example.org", "-", "", "a b", "--help", "*"];
    let script = ["sh", "-c", "cat >/dev/null; for arg; do printf '%s|' \"$arg\"; done", "sh"];
    let ran = sendmail(&[], &[&script[..], &args[..]].concat()).stdin(letter(LATITUDE)).code(0).stderr("");
    assert_eq!(ran.text(), args.map(|arg| format!("{arg}|")).concat());
    // A name that is not UTF-8.
    let cli = sendmail(&[], &script);
    let mut child = cli.command().arg(OsStr::from_bytes(b"\xFF\xFE@example.org")).spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(&letter(LATITUDE)).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.stdout, b"\xFF\xFE@example.org|");
}

#[test]
fn what_cannot_be_read_is_not_sent() {
    let cli = sendmail(&[], &["cat"]);
    let folder = fs::File::open(cli.path("")).expect("a folder opens");
    let output = cli.command().stdin(Stdio::from(folder)).output().expect("the program runs");
    assert_eq!((output.status.code(), output.stdout), (Some(74), Vec::new()));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.starts_with("leadtone: not sent: the message cannot be read: "), "{errors}");
    // Closed altogether.
    let script = format!("exec {} sendmail --on-error=refuse -- cat <&-", env!("CARGO_BIN_EXE_leadtone"));
    assert_eq!(Command::new("sh").args(["-c", &script]).output().expect("sh runs").status.code(), Some(75));
}

/// A run whose program has said "up", and what it says further.
fn begun(script: &str, message: &[u8]) -> (Cli, Child, BufReader<std::process::ChildStdout>) {
    let cli = unchecked(&["sh", "-c", script]);
    let mut child = cli.command().spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let message = message.to_owned();
    std::thread::spawn(move || drop(stdin.write_all(&message)));
    let mut line = String::new();
    out.read_line(&mut line).expect("it says so");
    assert_eq!(line, "up\n");
    (cli, child, out)
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill runs");
    assert!(status.success());
}

#[test]
fn signals_are_the_business_of_the_program() {
    // It loops until it has heard one, since shells run a trap between commands.
    let waits = "while :; do sleep 0.05; done";
    for (name, script, sent, code, rest) in [
        ("ends it", format!("echo up; {waits}"), "TERM", 143, ""),
        ("ends it as well", format!("echo up; {waits}"), "HUP", 129, ""),
        ("has a status of its own", format!("trap 'echo heard; exit 5' TERM; echo up; {waits}"), "TERM", 5, "heard\n"),
        ("leaves something", format!("trap 'exit 0' TERM; echo up; {waits}"), "TERM", 74, ""),
        (
            "takes all before",
            "trap 'n=1' TERM; echo up; while [ -z \"$n\" ]; do sleep 0.05; done; wc -c | tr -d ' '".into(),
            "TERM",
            0,
            "SIZE\n",
        ),
        // The keyboard's: a terminal sends them to the program, too.
        ("goes on", "echo up; sleep 0.5; wc -c | tr -d ' '".into(), "INT", 0, "SIZE\n"),
    ] {
        for message in [letter(LATITUDE), long(LARGE)] {
            let (_cli, mut child, mut out) = begun(&script, &message);
            signal(&child, sent);
            let mut said = String::new();
            out.read_to_string(&mut said).expect("it speaks UTF-8");
            assert_eq!(child.wait().expect("it ends").code(), Some(code), "{name}");
            assert_eq!(said, rest.replace("SIZE", &message.len().to_string()), "{name}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn signals_that_are_ignored_stay_so_for_the_program() {
    let script = format!(
        "trap '' HUP INT; exec {} sendmail -- sh -c 'kill -HUP $$; kill -INT $$; cat'",
        env!("CARGO_BIN_EXE_leadtone")
    );
    let message = letter(LATITUDE);
    let mut child =
        Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sh runs");
    child.stdin.take().expect("a pipe").write_all(&message).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stdout), (Some(0), message));
}

#[test]
#[cfg(target_os = "linux")]
fn a_mail_program_may_have_blocked_the_news_of_an_end() {
    use nix::sys::signal::{SigSet, Signal};
    // As mutt does; whatever is started from here has it blocked.
    let blocked = SigSet::from(Signal::SIGCHLD);
    blocked.thread_block().expect("a signal can be blocked");
    // A shell would clear it.
    let ran = unchecked(&["cat", "/proc/self/status", "-"]).stdin(letter(LATITUDE)).run();
    blocked.thread_unblock().expect("and unblocked");
    assert_eq!((ran.output.status.code(), ran.errors().as_str()), (Some(0), ""));
    let text = ran.text();
    let mask = text.lines().find_map(|line| line.strip_prefix("SigBlk:")).expect("a mask");
    let mask = u64::from_str_radix(mask.trim(), 16).expect("a number");
    assert_eq!(mask >> (Signal::SIGCHLD as i32 - 1) & 1, 1, "the program finds it as it was left");
    assert!(text.ends_with(LATITUDE));
}

#[test]
fn a_message_that_breaks_off_is_not_taken_for_the_whole() {
    // Ended while it waits for the rest of a message that is longer than is checked.
    let cli = unchecked(&["sh", "-c", "cat >got; echo whole >end"]);
    let mut child = cli.command().spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&long(HUGE)).expect("it is read");
    signal(&child, "TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    assert!(!cli.path("end").exists(), "the program never saw an end");
    drop(stdin);
}

#[test]
fn nothing_is_written_but_by_the_program() {
    let ran: Ran = sendmail(&[], &["sh", "-c", "cat >/dev/null; echo sent; echo noted >&2"])
        .stdin(letter(LATITUDE))
        .code(0)
        .stdout("sent\n")
        .stderr("noted\n");
    assert_eq!(ran.names(), [""; 0], "no file is left");
    let ran = sendmail(&[], &["cat"]).stdin(letter(ORDERS)).code(1).stdout("");
    assert_eq!(ran.names(), [""; 0]);
}
