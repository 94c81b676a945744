//! How the process takes memory from the system; knows nothing of what it is for. The allocator asks for large pages
//! (`.cargo/config.toml`), which spares a short run much of what the first touch of each page costs.

/// Texts of so many bytes make a large program.
const LARGE: usize = 8 << 20;

/// Goes without large pages where the texts to be checked are many: what is left over of each page adds up there, and
/// the first touch of pages is little beside the rest.
pub(crate) fn spare(text: usize) {
    if text > LARGE {
        small_pages();
    }
}

#[cfg(target_os = "linux")]
fn small_pages() {
    // Where the system does not know of it, there is nothing to go without.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

#[cfg(not(target_os = "linux"))]
fn small_pages() {}
