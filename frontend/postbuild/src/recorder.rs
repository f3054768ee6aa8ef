//! The loader of the worker that records.
//!
//! The worker runs the page's own program: the page posts it the compiled module, so nothing is loaded or compiled twice.
//! Where there is no window, the program serves as the worker.

use crate::inline_scripts::Script;

/// The loader of the worker, given the page's own.
///
/// # Errors
///
/// When the page's loader imports no module: then Trunk has changed and this has to be looked at.
pub fn boot(loader: &str) -> Result<Script, String> {
    let (_, from) =
        loader.split_once(" from '").ok_or("the page's loader imports nothing: has Trunk changed?")?;
    let (module, _) = from.split_once('\'').ok_or("the page's loader names its module without an end")?;
    let text = format!(
        "import {{ initSync }} from '{module}';\n\
         onmessage = ({{ data }}) => {{ onmessage = null; initSync({{ module: data }}); }};"
    );
    Ok(Script::of("recorder", &text))
}

/// The page, naming the loader for the program to find.
pub fn name_in(page: &str, public_url: &str, recorder: &Script) -> Result<String, &'static str> {
    let (before, after) = page.split_once("</head>").ok_or("the page has no </head>")?;
    let name = &recorder.name;
    Ok(format!("{before}<meta name=\"meterscope-recorder\" content=\"{public_url}{name}\"></head>{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = "import init, * as bindings from './page-1a.js';\nconst wasm = await init();\n";

    #[test]
    fn the_worker_imports_what_the_page_imports() {
        let script = boot(LOADER).expect("the loader is well formed");
        assert!(script.text.starts_with("import { initSync } from './page-1a.js';\n"), "{}", script.text);
        assert!(script.name.starts_with("recorder-"), "{}", script.name);
        assert!(boot("load()").is_err());
    }

    #[test]
    fn the_page_names_the_loader() {
        let script = boot(LOADER).expect("the loader is well formed");
        let page = name_in("<head></head><body>", "./", &script).expect("there is a head");
        let name = script.name;
        assert_eq!(
            page,
            format!("<head><meta name=\"meterscope-recorder\" content=\"./{name}\"></head><body>")
        );
        assert!(name_in("<html>", "./", &boot(LOADER).unwrap()).is_err());
    }
}
