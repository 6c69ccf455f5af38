// Prints the IPv4 addresses the JVM's InetAddress finds for the name given.
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

class Resolve {
  public static void main(String[] arguments) {
    try {
      Arrays.stream(InetAddress.getAllByName(arguments[0]))
          .filter(each -> each instanceof Inet4Address)
          .map(InetAddress::getHostAddress)
          .distinct()
          .sorted()
          .forEach(System.out::println);
    } catch (UnknownHostException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }
}
