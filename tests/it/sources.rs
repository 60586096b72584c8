//! Which files are found, in which order, and what is said of those that are not.

use leadtone::source::{PathList, Source, WalkOptions, find};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with these files in it; a name that ends in `/` is an empty folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        if name.ends_with('/') {
            fs::create_dir_all(&path).expect("a folder");
        } else {
            fs::write(&path, content).expect("a file");
        }
    }
    root
}

/// Names of what is found and the failures, relative to `root`.
fn found(root: &Path, options: &WalkOptions) -> (Vec<String>, Vec<String>) {
    let mut failures = Vec::new();
    let bare = |name: &str| name.replace(&format!("{}/", root.display()), "").replace(&root.display().to_string(), ".");
    let sources = find(options, &mut |failure| failures.push(bare(&format!("{}: {}", failure.path, failure.reason))));
    (sources.expect("good patterns").iter().map(|source| bare(&source.name())).collect(), failures)
}

fn walk(root: &Path) -> WalkOptions {
    WalkOptions { paths: vec![root.to_owned()], ..WalkOptions::default() }
}

#[test]
fn a_folder_yields_its_documents_sorted() {
    let root = folder(&[
        ("b.md", "x"),
        ("a/z.txt", "x"),
        ("a/c.HTML", "x"),
        ("a/sub/m.eml", "x"),
        ("old.doc", "x"),
        ("logo.png", "x"),
        ("data.json", "{}"),
        ("main.rs", "x"),
        ("Makefile", "x"),
        ("page.md.tmpl", "x"),
        ("README", "You decide."),
        ("inbox/1.", "You decide."),
        ("notes.xyz", "You decide."),
        ("mail.xyz", "From: a@b.c\nTo: d@e.f\nSubject: x\n\nYou decide."),
        ("core", "\0\0\0\0"),
        (".hidden.md", "x"),
        (".git/HEAD.md", "x"),
    ]);
    let (names, failures) = found(root.path(), &walk(root.path()));
    let expected =
        ["README", "a/c.HTML", "a/sub/m.eml", "a/z.txt", "b.md", "inbox/1.", "mail.xyz", "old.doc", "page.md.tmpl"];
    assert_eq!((names, failures), (expected.map(String::from).to_vec(), vec![]));
    let hidden = WalkOptions { hidden: true, ..walk(root.path()) };
    let (names, _) = found(root.path(), &hidden);
    assert!(
        names.contains(&".hidden.md".to_owned()) && !names.iter().any(|name| name.starts_with(".git/")),
        "{names:?}"
    );
}

#[test]
fn ignore_rules_excludes_and_includes() {
    let files = [
        (".gitignore", "a.md\n"),
        (".ignore", "b.md\n"),
        (".leadtoneignore", "c.md\n"),
        ("a.md", ""),
        ("b.md", ""),
        ("c.md", ""),
        ("d.md", ""),
        ("old/E.MD", ""),
        ("old/f.txt", ""),
    ];
    let root = folder(&files);
    let base = walk(root.path());
    let list = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
    let table = [
        ("rules", base.clone(), vec!["d.md", "old/E.MD", "old/f.txt"]),
        (
            "no rules",
            WalkOptions { no_ignore: true, ..base.clone() },
            vec!["a.md", "b.md", "c.md", "d.md", "old/E.MD", "old/f.txt"],
        ),
        ("excluded folder", WalkOptions { excludes: list(&["old/"]), ..base.clone() }, vec!["d.md"]),
        ("excluded, other case", WalkOptions { excludes: list(&["e.md"]), ..base.clone() }, vec!["d.md", "old/f.txt"]),
        ("included", WalkOptions { includes: list(&["*.md"]), ..base.clone() }, vec!["d.md", "old/E.MD"]),
        (
            "named though ignored",
            WalkOptions { paths: vec![root.path().join("a.md")], ..WalkOptions::default() },
            vec!["a.md"],
        ),
    ];
    for (name, options, expected) in table {
        assert_eq!(found(root.path(), &options), (list(&expected), vec![]), "{name}");
    }
    // A file or folder that is named is left out without a word where a pattern says so.
    let named = WalkOptions {
        paths: vec![root.path().join("old/f.txt"), root.path().join("old"), root.path().join("d.md")],
        excludes: list(&["old"]),
        ..WalkOptions::default()
    };
    assert_eq!(found(root.path(), &named), (list(&["d.md"]), vec![]));
}

#[test]
fn what_cannot_be_read_is_told_and_stops_nothing() {
    let root = folder(&[("a.md", "x"), ("empty/", ""), ("pictures/x.png", "x")]);
    let paths = ["gone.md", "empty", "pictures", "a.md", "a.md"].map(|name| root.path().join(name)).to_vec();
    let (names, failures) = found(root.path(), &WalkOptions { paths, ..WalkOptions::default() });
    assert_eq!(names, ["a.md"]);
    assert_eq!(
        failures,
        [
            "gone.md: no such file or folder",
            "empty: no documents in this folder",
            "pictures: no documents in this folder"
        ]
    );
    let gone = Source::file(root.path().join("gone.md")).read().map_err(|error| error.to_string());
    assert_eq!(gone, Err("no such file or folder".to_owned()));
    let folder = Source::file(root.path().to_owned()).read().map_err(|error| error.to_string());
    assert_eq!(folder, Err("is a folder".to_owned()));
    assert_eq!(Source::file(root.path().join("a.md")).read(), Ok(b"x".to_vec()));
}

#[test]
fn lists_of_paths() {
    let root = folder(&[("a.md", "x"), ("b c.md", "x"), ("gone", "")]);
    let at = |name: &str| root.path().join(name).display().to_string();
    let list = root.path().join("list");
    let expected = (vec!["b c.md".to_owned(), "a.md".to_owned()], vec!["x.md: no such file or folder".to_owned()]);
    let table = [
        ("lines", format!("{}\r\n\n{}\n{}", at("b c.md"), at("x.md"), at("a.md"))),
        ("nul", format!("{}\0{}\0{}\0", at("b c.md"), at("x.md"), at("a.md"))),
    ];
    for (name, content) in table {
        fs::write(&list, content).expect("a list");
        let options = WalkOptions { list: Some(PathList::read(&list)), ..WalkOptions::default() };
        assert_eq!(found(root.path(), &options), expected, "{name}");
    }
    let options = WalkOptions { list: Some(PathList::read(&root.path().join("none"))), ..WalkOptions::default() };
    assert_eq!(found(root.path(), &options).1, ["none: no such file or folder"]);
}

#[test]
fn a_file_is_found_once_whatever_it_is_called() {
    let root = folder(&[("a.md", "x"), ("b.md", "x"), ("sub/c.md", "x")]);
    let at = |names: &[&str]| names.iter().map(|name| root.path().join(name)).collect::<Vec<_>>();
    for (paths, expected) in [
        (at(&["a.md", "sub/../a.md", "./a.md"]), vec!["a.md"]),
        (at(&["sub/../a.md", "a.md"]), vec!["sub/../a.md"]),
        (at(&["b.md", ".", "sub"]), vec!["b.md", "a.md", "sub/c.md"]),
        (at(&["sub/c.md", "sub/../sub"]), vec!["sub/c.md"]),
    ] {
        let options = WalkOptions { paths: paths.clone(), ..WalkOptions::default() };
        let (names, failures) = found(root.path(), &options);
        let names: Vec<_> = names.iter().map(|name| name.trim_start_matches("./")).collect();
        assert_eq!((names, failures), (expected, vec![]), "{paths:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_goes_by_a_link_only_where_it_has_no_other_name() {
    use std::os::unix::fs::symlink;

    let root = folder(&[("docs/b.md", "x"), ("docs/c.md", "x"), ("old/d.md", "x")]);
    let root_path = root.path().canonicalize().expect("a folder");
    let link = |to: &str, from: &str| symlink(root_path.join(to), root_path.join(from)).expect("a link");
    link("docs/c.md", "docs/a.md");
    link("docs", "all");
    link("old/d.md", "docs/d.md");
    let at = |names: &[&str]| names.iter().map(|name| root_path.join(name)).collect::<Vec<_>>();
    for (paths, expected) in [
        (at(&["docs"]), vec!["docs/b.md", "docs/c.md", "docs/d.md"]),
        (at(&["all"]), vec!["all/a.md", "all/b.md", "all/d.md"]),
        (at(&["."]), vec!["docs/b.md", "docs/c.md", "old/d.md"]),
        (at(&["docs/a.md"]), vec!["docs/a.md"]),
        (at(&["docs/a.md", "docs/c.md"]), vec!["docs/c.md"]),
        (at(&["docs/c.md", "docs/a.md"]), vec!["docs/c.md"]),
    ] {
        let options = WalkOptions { paths: paths.clone(), ..WalkOptions::default() };
        let (names, failures) = found(&root_path, &options);
        let names: Vec<_> = names.iter().map(|name| name.trim_start_matches("./")).collect();
        assert_eq!((names, failures), (expected, vec![]), "{paths:?}");
    }
}

#[test]
fn standard_input_is_a_source_once() {
    let options = WalkOptions { paths: vec!["-".into(), "-".into()], ..WalkOptions::default() };
    let sources = find(&options, &mut |failure| panic!("{failure:?}")).expect("no patterns");
    assert_eq!(sources, [Source::stdin(None)]);
    assert_eq!(sources[0].name(), "-");
    let named = WalkOptions { stdin_name: Some("memo.eml".into()), ..options };
    let sources = find(&named, &mut |failure| panic!("{failure:?}")).expect("no patterns");
    assert_eq!((sources[0].path(), sources[0].is_stdin()), (Path::new("memo.eml"), true));
}

#[test]
fn a_bad_pattern_is_an_error() {
    let options = WalkOptions { excludes: vec!["a[z-a]".into()], ..WalkOptions::default() };
    let error = find(&options, &mut |_| {}).expect_err("a bad pattern");
    assert!(error.to_string().starts_with("bad pattern \"a[z-a]\": "), "{error}");
}

#[cfg(unix)]
#[test]
fn links_pipes_and_odd_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let root = folder(&[("a.md", "x")]);
    symlink(root.path(), root.path().join("loop")).expect("a link");
    symlink(root.path().join("a.md"), root.path().join("0.md")).expect("a link");
    symlink(root.path().join("a.md"), root.path().join("link.md")).expect("a link");
    symlink(root.path().join("nothing.md"), root.path().join("dead.md")).expect("a link");
    let odd: PathBuf = root.path().join(OsStr::from_bytes(b"od\xFFd.md"));
    fs::write(&odd, "x").expect("a file");
    let _socket = UnixListener::bind(root.path().join("sock.md")).expect("a socket");

    let (names, mut failures) = found(root.path(), &walk(root.path()));
    assert_eq!(names, ["a.md", "od\u{FFFD}d.md"], "a link is no other document");
    failures.sort();
    assert_eq!(
        failures,
        ["dead.md: no such file or folder", "loop: link loop: leads back to .", "sock.md: not a regular file"]
    );
    assert_eq!(Source::file(odd).read(), Ok(b"x".to_vec()));
    // What the system says comes alone; its number is the system's own.
    let own = folder(&[("a.md", "x")]);
    symlink("own.md", own.path().join("own.md")).expect("a link");
    let (_, failures) = found(own.path(), &walk(own.path()));
    assert!(failures[0].starts_with("own.md: too many levels of symbolic links (os error "), "{failures:?}");
    // Named, a socket must not be opened either.
    let paths = vec![root.path().join("sock.md")];
    let (names, failures) = found(root.path(), &WalkOptions { paths, ..WalkOptions::default() });
    assert_eq!((names, failures), (vec![], vec!["sock.md: not a regular file".to_owned()]));
}
