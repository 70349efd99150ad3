//! Which files are artifacts.

use super::*;

fn with_artifact(text: &str) -> (tempfile::TempDir, Artifacts) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("Token.sol")).unwrap();
    std::fs::write(folder.path().join("Token.sol/Token.json"), text).unwrap();
    let artifacts = Artifacts::in_folder(folder.path());
    (folder, artifacts)
}

fn refusal(text: &str) -> String {
    let (folder, artifacts) = with_artifact(text);
    let failure = artifacts.creation_code("Token").unwrap_err();
    assert_eq!(failure.exit_code(), 4);
    failure.to_string().replace(&folder.path().display().to_string(), "")
}

#[test]
fn creation_code_is_read_with_and_without_its_prefix() {
    for object in ["0x6001", "6001"] {
        let (_folder, artifacts) = with_artifact(&format!(r#"{{"bytecode": {{"object": "{object}"}}}}"#));
        assert_eq!(artifacts.creation_code("Token").unwrap(), Bytes::from_static(&[0x60, 0x01]));
    }
}

#[test]
fn an_artifact_that_is_missing_is_named_with_what_makes_it() {
    let failure = Artifacts::in_folder("/nonexistent").creation_code("Token").unwrap_err();
    assert_eq!(failure.to_string(), "/nonexistent/Token.sol/Token.json is missing: scripts/setup makes it");
    assert_eq!(failure.exit_code(), 3);
}

#[test]
fn an_interface_has_no_creation_code() {
    let expected = "/Token.sol/Token.json is no artifact of forge: it has no code: it is abstract or an interface";
    assert_eq!(refusal(r#"{"bytecode": {"object": "0x"}}"#), expected);
}

#[test]
fn a_file_of_another_shape_is_refused() {
    let expected = "/Token.sol/Token.json is no artifact of forge: there is no text at bytecode.object";
    assert_eq!(refusal(r#"{"bytecode": 7}"#), expected);
    assert!(refusal("{").starts_with("/Token.sol/Token.json is no artifact of forge: EOF"));
    let unlinked = refusal(r#"{"bytecode": {"object": "0x60__$ab$__"}}"#);
    assert!(unlinked.contains("bytecode.object is not hex"), "{unlinked}");
}
