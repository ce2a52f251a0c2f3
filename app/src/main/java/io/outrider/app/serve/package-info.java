/// From settings to a running Outrider: loads what the settings name, starts the proxy, watches the
/// files, answers on the admin port, and ends in order.
@NullMarked
package io.outrider.app.serve;

import org.jspecify.annotations.NullMarked;
